import type { FileKind } from "@satchel/protocol";

/** Filters that narrow down as much as names do, as pieces among those of the name. Their marks are private-use characters as well. */

export function workspaceGram(workspace: number): string {
  return `\u{E003}${workspace}`;
}

export function kindGram(kind: FileKind): string {
  return `\u{E004}${kind}`;
}

/** Places that follow each other have a piece together, by which an index that isn't in their order (GIN) finds the latest of them. */
const placesOfStretch = 16_384;
/** So many stretches are looked at next, where the latest has too little; then all that are left. */
const moreStretches = 8;

export function stretchGram(place: number): string {
  return `\u{E006}${Math.floor(place / placesOfStretch)}`;
}

/** Stretches to look at one after the other, the latest first, for what lies below `before`: the pieces of each, undefined for all that are left, and the lowest place. */
export function stretchesBelow(before: number): { readonly grams: string[] | undefined; readonly floor: number }[] {
  const latest = Math.floor((before - 1) / placesOfStretch);
  const second = Math.max(0, latest - moreStretches);
  const gramsFrom = (first: number, end: number): string[] =>
    Array.from({ length: end - first }, (_, index) => stretchGram((first + index) * placesOfStretch));
  return [
    { grams: gramsFrom(latest, latest + 1), floor: latest * placesOfStretch },
    { grams: gramsFrom(second, latest), floor: second * placesOfStretch },
    { grams: undefined, floor: 0 },
  ];
}
