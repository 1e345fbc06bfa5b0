import { changedOne } from "../sequence/changed-one.ts";
import { findChanges, type Change } from "../sequence/changes.ts";
import { findRegions, type Region } from "../sequence/regions.ts";
import { isSameValue, type JsonMember, type JsonNode } from "./json-node.ts";

type MergeValue = (base: JsonNode | undefined, mine: JsonNode, theirs: JsonNode) => string | undefined;

/** By item, as lines of a text are; items that both changed in place are merged one by one. Undefined for a conflict. [MG13] */
export function mergeArray(
  base: JsonNode,
  { mine, theirs }: { readonly mine: JsonNode; readonly theirs: JsonNode },
  mergeValue: MergeValue,
): string | undefined {
  const [here, there] = [itemChanges(base, mine), itemChanges(base, theirs)];
  if (!here || !there) return undefined;
  const regions = findRegions({ base: base.members, mine: here, theirs: there }, (a, b) =>
    isSameValue(a.value, b.value),
  );
  const items: string[] = [];
  for (const region of regions) {
    const texts = region.by === "conflict" ? mergeInPlace(region, mergeValue) : oneSide(region).map(textOf);
    if (texts === undefined) return undefined;
    items.push(...texts);
  }
  return `[${items.join(",")}${changedOne(base.after, mine.after, theirs.after)}]`;
}

function itemChanges(base: JsonNode, side: JsonNode): Change<JsonMember>[] | undefined {
  const canonical = ({ members }: JsonNode): string[] => members.map(({ value }) => value.canonical);
  let shift = 0;
  return findChanges(canonical(base), canonical(side))?.map(({ start, end, tokens }) => {
    const from = start + shift;
    shift += tokens.length - (end - start);
    return { start, end, tokens: side.members.slice(from, from + tokens.length) };
  });
}

function oneSide({ by, mine, theirs }: Region<JsonMember>): readonly JsonMember[] {
  if (by !== "both") return by === "theirs" ? theirs : mine;
  // Equal items, perhaps written differently: the choice must not tell the sides apart.
  return mine.map((item, index) => {
    const other = theirs[index];
    return other && textOf(other) < textOf(item) ? other : item;
  });
}

function textOf({ before, value }: JsonMember): string {
  return before + value.raw;
}

function mergeInPlace({ base, mine, theirs }: Region<JsonMember>, mergeValue: MergeValue): string[] | undefined {
  if (base.length !== mine.length || base.length !== theirs.length) return undefined;
  if (hasMoved(base, mine) || hasMoved(base, theirs)) return undefined;
  const texts = base.map((item, index) => {
    const [here, there] = [mine[index] as JsonMember, theirs[index] as JsonMember];
    const value = mergeValue(item.value, here.value, there.value);
    return value === undefined ? undefined : changedOne(item.before, here.before, there.before) + value;
  });
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Whether an item of the base is at another place, so that positions tell nothing. */
function hasMoved(base: readonly JsonMember[], side: readonly JsonMember[]): boolean {
  return side.some(
    ({ value }, index) =>
      !isSameValue(value, (base[index] as JsonMember).value) && base.some((item) => isSameValue(item.value, value)),
  );
}
