import type { Steps } from "../in-slices.ts";

export type Compare<Item> = (a: Item, b: Item) => number;

/** What is sorted without a pause, and copied without one: a millisecond or two, with names that a language orders. */
const perStep = 500;

/** Sorts as `toSorted` does, equal ones in their order, but in steps: short runs, which are then merged two by two. */
export function* sortedInSteps<Item>(items: readonly Item[], compare: Compare<Item>): Steps<Item[]> {
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += perStep) {
    runs.push(items.slice(at, at + perStep).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      longer.push(yield* mergedInSteps(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Two sorted lists as one; of equal ones, those of `a` come first. */
export function* mergedInSteps<Item>(a: readonly Item[], b: readonly Item[], compare: Compare<Item>): Steps<Item[]> {
  const merged: Item[] = [];
  let at = 0;
  let done = 0;
  for (const item of b) {
    // Most additions are few, and far apart: what lies between them is copied without being compared.
    const end = firstAfter(a, at, item, compare);
    for (; at < end; at += 1) {
      merged.push(a[at] as Item);
      if (++done % perStep === 0) yield;
    }
    merged.push(item);
    if (++done % perStep === 0) yield;
  }
  for (; at < a.length; at += 1) {
    merged.push(a[at] as Item);
    if (++done % perStep === 0) yield;
  }
  return merged;
}

/** Where in `sorted`, from a place on, the first one is that comes after `item`: looked for in strides that double, and then by halving, so that near ones are found at once. */
function firstAfter<Item>(sorted: readonly Item[], from: number, item: Item, compare: Compare<Item>): number {
  const isAfter = (place: number): boolean => compare(sorted[place] as Item, item) > 0;
  let low = from;
  let stride = 1;
  while (low + stride <= sorted.length && !isAfter(low + stride - 1)) {
    low += stride;
    stride *= 2;
  }
  let high = Math.min(sorted.length, low + stride - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
