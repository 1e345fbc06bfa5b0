import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";

/** What was cut or copied in this tab, to be pasted into another folder. */
export interface Clipboard {
  readonly kind: "cut" | "copy";
  readonly fromId: EntryId;
  readonly entries: readonly Entry[];
}

let content: Clipboard | undefined;
const watchers = new Set<() => void>();

/** The one clipboard of the tab: it outlives the folder that was cut from. */
export const clipboard = {
  get: (): Clipboard | undefined => content,
  set(next: Clipboard | undefined): void {
    content = next;
    for (const onChange of watchers) onChange();
  },
  watch(onChange: () => void): () => void {
    watchers.add(onChange);
    return () => watchers.delete(onChange);
  },
};
