import type { EntryId } from "@satchel/protocol";
import type { Board, Decision } from "./board.ts";

/** A folder that one side deleted stays when something shall live in it: it comes back with just the survivors. [RC22] */
export function keepNeededFolders(board: Board): void {
  const kept = new Set<EntryId>();
  for (const decision of board.involved.filter(({ fate }) => fate === "live")) {
    for (let at = parentOf(board, decision); at !== undefined && !kept.has(at.id); at = parentOf(board, at)) {
      kept.add(at.id);
      if (at.fate !== "delete") continue;
      at.fate = "live";
      board.involve(at);
    }
  }
}

function parentOf(board: Board, decision: Decision): Decision | undefined {
  return board.find(decision.place.parentId);
}
