import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Entry, EntryMap } from "./entry.ts";
import { nameCollator, sortEntries, turnedAround, type SortOrder } from "./sort.ts";

/** The entries in order, each time sorted on from the time before. */
export function useSortedEntries(entries: EntryMap, order: SortOrder): readonly Entry[] {
  const { language } = useTranslation().i18n;
  const collator = useMemo(() => nameCollator(language), [language]);
  const last = useRef<{ order: SortOrder; collator: Intl.Collator; sorted: readonly Entry[] }>(undefined);
  return useMemo(() => {
    const before = last.current?.collator === collator ? sortedBefore(last.current, order) : [];
    const sorted = sortEntries(entries, order, collator, before);
    last.current = { order, collator, sorted };
    return sorted;
  }, [entries, order, collator]);
}

/** What was known in this order; names that were sorted the other way are only turned around, since comparing 100,000 takes longer than a frame. */
function sortedBefore(last: { order: SortOrder; sorted: readonly Entry[] }, order: SortOrder): readonly Entry[] {
  if (last.order === order) return last.sorted;
  const isTurned =
    last.order.column === "name" && order.column === "name" && last.order.descending !== order.descending;
  return isTurned ? turnedAround(last.sorted) : [];
}
