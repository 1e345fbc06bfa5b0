import type { Entry, EntryMap } from "./entry.ts";

export type SortColumn = "name" | "size" | "modified";

export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export const defaultOrder: SortOrder = { column: "name", descending: false };

/**
 * Folders first, then by the column; equal ones by name. Names as people order them: `file 2` before `file 10`, case aside. `before` is how the same folder was sorted a
 * moment ago by the same order: what is in it unchanged is not compared again, so that a change, or another page of a large folder, costs a walk and no sort.
 */
export function sortEntries(
  entries: EntryMap,
  order: SortOrder,
  collator: Intl.Collator,
  before: readonly Entry[] = [],
): Entry[] {
  const compare = comparer(order, collator);
  const kept = before.filter((entry) => entries.get(entry.id) === entry);
  const known = new Set(kept);
  const added = [...entries.values()].filter((entry) => !known.has(entry)).toSorted(compare);
  return merge(kept, added, compare);
}

/** Entries that are sorted by name, sorted by name the other way: folders stay first. */
export function turnedAround(sorted: readonly Entry[]): Entry[] {
  const folders = sorted.findLastIndex(({ type }) => type === "folder") + 1;
  return [...sorted.slice(0, folders).toReversed(), ...sorted.slice(folders).toReversed()];
}

type Compare = (a: Entry, b: Entry) => number;

function comparer(order: SortOrder, collator: Intl.Collator): Compare {
  const direction = order.descending ? -1 : 1;
  const byName = (a: Entry, b: Entry): number => collator.compare(a.name, b.name) || compareText(a.name, b.name);
  const columns: Record<SortColumn, Compare> = {
    name: (a, b) => direction * byName(a, b),
    size: (a, b) => direction * (a.size - b.size) || byName(a, b),
    modified: (a, b) => direction * compareText(a.modified ?? "", b.modified ?? "") || byName(a, b),
  };
  const inGroup = columns[order.column];
  return (a, b) => Number(b.type === "folder") - Number(a.type === "folder") || inGroup(a, b);
}

/** Two sorted lists as one. */
function merge(a: readonly Entry[], b: readonly Entry[], compare: Compare): Entry[] {
  const merged: Entry[] = [];
  let at = 0;
  for (const entry of b) {
    // Most additions are few: the places between them are found by halving, and what lies between is copied unseen.
    const end = firstAfter(a, at, entry, compare);
    for (; at < end; at += 1) merged.push(a[at] as Entry);
    merged.push(entry);
  }
  for (; at < a.length; at += 1) merged.push(a[at] as Entry);
  return merged;
}

function firstAfter(sorted: readonly Entry[], from: number, entry: Entry, compare: Compare): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as Entry, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** RFC 3339 in UTC orders as text. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The collator of a language, which 100,000 names share. */
export function nameCollator(language: string): Intl.Collator {
  return new Intl.Collator(language, { numeric: true, sensitivity: "base" });
}
