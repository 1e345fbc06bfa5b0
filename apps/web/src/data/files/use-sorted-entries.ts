import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Entry, EntryMap } from "./entry.ts";
import { nameCollator, sortEntries, type SortOrder } from "./sort.ts";

/** The entries in order, each time sorted on from the time before. */
export function useSortedEntries(entries: EntryMap, order: SortOrder): readonly Entry[] {
  const { language } = useTranslation().i18n;
  const collator = useMemo(() => nameCollator(language), [language]);
  const last = useRef<{ order: SortOrder; collator: Intl.Collator; sorted: readonly Entry[] }>(undefined);
  return useMemo(() => {
    const isSame = last.current?.order === order && last.current.collator === collator;
    const sorted = sortEntries(entries, order, collator, isSame ? last.current?.sorted : []);
    last.current = { order, collator, sorted };
    return sorted;
  }, [entries, order, collator]);
}
