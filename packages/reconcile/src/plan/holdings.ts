import type { EntryId } from "@satchel/protocol";
import type { Item } from "../tree/item.ts";
import type { View } from "../tree/view.ts";
import type { Board, Decision } from "./board.ts";
import { hasRemoteNews } from "./verdict.ts";

/** Which folders hold, at any depth and in the trees as they are, something that must not be deleted along with them. */
export interface Holdings {
  /** On disk: anything that is to live, or of which it isn't known yet. */
  readonly onDisk: ReadonlySet<EntryId>;
  /** On the server: the same. */
  readonly onServer: ReadonlySet<EntryId>;
  /** On the server: what this device doesn't have yet. */
  readonly newsOnServer: ReadonlySet<EntryId>;
}

export function findHoldings(board: Board): Holdings {
  const onDisk = new Set<EntryId>();
  const onServer = new Set<EntryId>();
  const newsOnServer = new Set<EntryId>();
  for (const decision of board.involved) {
    if (!isKept(decision)) continue;
    markAncestors(board.local, decision.local, onDisk);
    markAncestors(board.remote, decision.remote, onServer);
    if (decision.waits || hasRemoteNews(decision)) markAncestors(board.remote, decision.remote, newsOnServer);
  }
  return { onDisk, onServer, newsOnServer };
}

export function isKept(decision: Decision): boolean {
  return decision.waits || decision.fate === "live";
}

function markAncestors(view: View<Item>, item: Item | undefined, marks: Set<EntryId>): void {
  for (let at = item?.parentId ?? null; at !== null && !marks.has(at); at = view.find(at)?.parentId ?? null) {
    marks.add(at);
  }
}
