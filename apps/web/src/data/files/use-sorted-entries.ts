import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { inSlices } from "../in-slices.ts";
import type { Entry, EntryMap } from "./entry.ts";
import { nameCollator, sortEntries, sortingSteps, turnedAround, type SortOrder, type Sorting } from "./sort.ts";

/** So many are sorted before the page is drawn, which takes less than a frame. More are sorted in slices, and shown in their old order meanwhile. */
const maxAtOnce = 2000;

interface Sorted extends Sorting {
  readonly list: readonly Entry[];
}

/** How listings were sorted last, so that who comes back to a large folder sees it at once. */
const remembered = new WeakMap<EntryMap, Sorted>();

/** The entries in order, each time sorted on from the time before. `isSorting`: they are about to change places, or to be more. */
export function useSortedEntries(
  entries: EntryMap,
  order: SortOrder,
): { readonly entries: readonly Entry[]; readonly isSorting: boolean } {
  const { language } = useTranslation().i18n;
  const collator = useMemo(() => nameCollator(language), [language]);
  const last = useRef<Sorted>(undefined);
  const inSlicesDone = useSortingInSlices(last);
  const now = useMemo(() => {
    const sorting = { entries, order, collator };
    const known = remembered.get(entries);
    if (known && isSame(known, sorting)) return known;
    if (entries.size > maxAtOnce) return undefined;
    return remember(sorting, sortEntries(sorting, sortedBefore(last.current, sorting)));
    // What was done in slices is found among what is remembered.
  }, [entries, order, collator, inSlicesDone.count]);
  last.current = now ?? last.current ?? remembered.get(entries);
  const { want } = inSlicesDone;
  useEffect(() => {
    if (now === undefined) want({ entries, order, collator });
  }, [now, want, entries, order, collator]);
  return { entries: last.current?.list ?? [], isSorting: now === undefined };
}

/** Sorts one thing at a time in slices; of what is wanted meanwhile, only the last. Counts what it has done. */
function useSortingInSlices(last: RefObject<Sorted | undefined>) {
  const [count, setCount] = useState(0);
  const next = useRef<Sorting>(undefined);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  const want = useMemo(() => {
    const work = async (signal: AbortSignal): Promise<void> => {
      for (let sorting = next.current; sorting; sorting = next.current) {
        const list = await inSlices(sortingSteps(sorting, sortedBefore(last.current, sorting)), signal);
        if (next.current === sorting) next.current = undefined;
        last.current = remember(sorting, list);
        setCount((before) => before + 1);
      }
    };
    return (sorting: Sorting): void => {
      const isWorking = next.current !== undefined;
      next.current = sorting;
      if (isWorking) return;
      leaving.current = new AbortController();
      const { signal } = leaving.current;
      work(signal).catch((error: unknown) => {
        next.current = undefined;
        if (!signal.aborted) reportError(error);
      });
    };
  }, [last]);
  return { count, want };
}

function remember(sorting: Sorting, list: readonly Entry[]): Sorted {
  const sorted = { ...sorting, list };
  remembered.set(sorting.entries, sorted);
  return sorted;
}

function isSame(a: Sorting, b: Sorting): boolean {
  return a.order.column === b.order.column && a.order.descending === b.order.descending && a.collator === b.collator;
}

/** What was known in this order; names that were sorted the other way are only turned around. */
function sortedBefore(last: Sorted | undefined, sorting: Sorting): readonly Entry[] {
  if (!last || last.collator !== sorting.collator) return [];
  if (isSame(last, sorting)) return last.list;
  const isTurned = last.order.column === "name" && sorting.order.column === "name";
  return isTurned ? turnedAround(last.list) : [];
}
