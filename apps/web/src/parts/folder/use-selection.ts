import { useMemo, useRef, useState } from "react";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";
import * as selections from "../../data/selection/selection.ts";

/** The selection of a folder, and what changes it. */
export interface FolderSelection {
  readonly current: selections.Selection<EntryId>;
  select(id: EntryId, reach: selections.Reach): void;
  move(steps: number, reach: "alone" | "range"): void;
  all(): void;
  clear(): void;
  /** In the order of the list. */
  selectedEntries(): readonly Entry[];
  focusedEntry(): Entry | undefined;
}

/** Kept true while the list changes under it. */
export function useSelection(entries: readonly Entry[]): FolderSelection {
  const [stored, store] = useState(selections.nothingSelected<EntryId>);
  const before = useRef<readonly EntryId[]>([]);
  const order = useMemo(() => entries.map(({ id }) => id), [entries]);
  // What was selected from this very list is in it: with 100,000 entries, looking takes longer than a frame.
  const current = order === before.current ? stored : selections.keepExisting(stored, order, before.current);
  before.current = order;
  if (current !== stored) store(current);
  return useMemo(() => {
    let selected: readonly Entry[] | undefined;
    return {
      current,
      select: (id, reach) => store((now) => selections.select(now, id, reach, order)),
      move: (steps, reach) => store((now) => selections.move(now, steps, reach, order)),
      all: () => store((now) => selections.selectAll(now, order)),
      clear: () => store((now) => ({ ...now, selected: new Set() })),
      selectedEntries: () => (selected ??= selectedOf(entries, current.selected)),
      focusedEntry: () => entries.find(({ id }) => id === current.focus),
    };
  }, [current, entries, order]);
}

function selectedOf(entries: readonly Entry[], selected: ReadonlySet<EntryId>): readonly Entry[] {
  return selected.size === 0 ? [] : entries.filter(({ id }) => selected.has(id));
}
