import type { Entry } from "../../data/files/entry.ts";

/** The entry that a node of the page belongs to, if any. */
export function entryAt(target: EventTarget, entries: readonly Entry[]): Entry | undefined {
  const id = target instanceof Element ? target.closest<HTMLElement>("[data-entry]")?.dataset["entry"] : undefined;
  return entries.find((entry) => entry.id === id);
}
