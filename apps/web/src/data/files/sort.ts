import { atOnce, type Steps } from "../in-slices.ts";
import type { Entry, EntryMap } from "./entry.ts";
import { mergedInSteps, sortedInSteps, type Compare } from "./merge-sorted.ts";

export type SortColumn = "name" | "size" | "modified";

export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export const defaultOrder: SortOrder = { column: "name", descending: false };

/** What is to be sorted, and how. */
export interface Sorting {
  readonly entries: EntryMap;
  readonly order: SortOrder;
  readonly collator: Intl.Collator;
}

/**
 * Folders first, then by the column; equal ones by name. Names as people order them: `file 2` before `file 10`, case aside. `before` is how the same folder was sorted a
 * moment ago by the same order: what is in it unchanged is not compared again, so that a change, or another page of a large folder, costs a walk and no sort.
 */
export function* sortingSteps(
  { entries, order, collator }: Sorting,
  before: readonly Entry[] = [],
): Steps<readonly Entry[]> {
  const compare = comparer(order, collator);
  const known = new Set<Entry>();
  let walked = 0;
  for (const entry of before) {
    if (entries.get(entry.id) === entry) known.add(entry);
    if (++walked % perStep === 0) yield;
  }
  const added: Entry[] = [];
  for (const entry of entries.values()) {
    if (!known.has(entry)) added.push(entry);
    if (++walked % perStep === 0) yield;
  }
  // A set has its members in the order in which they were added.
  const kept = [...known];
  yield;
  return added.length === 0 ? kept : yield* mergedInSteps(kept, yield* sortedInSteps(added, compare), compare);
}

/** The same, in one go. */
export function sortEntries(sorting: Sorting, before: readonly Entry[] = []): readonly Entry[] {
  return atOnce(sortingSteps(sorting, before));
}

/** Entries walked over without a pause. */
const perStep = 2000;

/** Entries that are sorted by name, sorted by name the other way: folders stay first. */
export function turnedAround(sorted: readonly Entry[]): Entry[] {
  const folders = sorted.findLastIndex(({ type }) => type === "folder") + 1;
  return [...sorted.slice(0, folders).toReversed(), ...sorted.slice(folders).toReversed()];
}

function comparer(order: SortOrder, collator: Intl.Collator): Compare<Entry> {
  const direction = order.descending ? -1 : 1;
  const byName = (a: Entry, b: Entry): number => collator.compare(a.name, b.name) || compareText(a.name, b.name);
  const columns: Record<SortColumn, Compare<Entry>> = {
    name: (a, b) => direction * byName(a, b),
    size: (a, b) => direction * (a.size - b.size) || byName(a, b),
    modified: (a, b) => direction * compareText(a.modified ?? "", b.modified ?? "") || byName(a, b),
  };
  const inGroup = columns[order.column];
  return (a, b) => Number(b.type === "folder") - Number(a.type === "folder") || inGroup(a, b);
}

/** RFC 3339 in UTC orders as text. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The collator of a language, which 100,000 names share. */
export function nameCollator(language: string): Intl.Collator {
  return new Intl.Collator(language, { numeric: true, sensitivity: "base" });
}
