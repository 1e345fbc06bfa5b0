import type { EntryId } from "@satchel/protocol";
import type { LocalOperation, RemoteOperation } from "@satchel/reconcile";
import type { Offers } from "../books/offers.ts";
import { disown, idsBelow } from "../exclude/disown.ts";
import type { IssueBook } from "../run/report/issues.ts";
import type { StateStore } from "../state/state-store.ts";

/** Why something stays on this device only. */
export const viewOnlyMessage =
  "You may see this shared folder but not change it, so this stays on this device only: move it elsewhere, or ask the folder's owner to make you an editor.";

interface Parts {
  readonly state: StateStore;
  readonly offers: Pick<Offers, "disown">;
  readonly issues: IssueBook;
  readonly nowMs: number;
}

type StructureOperation = Exclude<LocalOperation, { do: "fetch" }>;

/**
 * What becomes of changes that this account may not make: what was edited is set aside as a conflicted copy, so that the server's content takes its place; what was moved goes back; what was deleted comes again; what is new stays, and is told of. Nothing is
 * uploaded, and nothing is lost. [EN105]
 */
export function giveIn(
  refused: readonly RemoteOperation[],
  { state, offers, issues, nowMs }: Parts,
): StructureOperation[] {
  const operations: StructureOperation[] = [];
  for (const operation of refused) {
    const { id } = operation;
    switch (operation.do) {
      case "create_remote":
        issues.block(id, { path: state.localPath(id) ?? "", code: "view_only", message: viewOnlyMessage }, nowMs);
        break;
      case "edit_remote":
        operations.push({ do: "set_aside", id, split: true, conflictOf: id });
        break;
      case "touch_remote":
        operations.push(...attributesOf(state, id));
        break;
      case "move_remote":
        operations.push({ do: "move_local", id, place: operation.base });
        break;
      case "delete_remote":
        comeAgain({ state, offers }, id);
        break;
    }
  }
  return operations;
}

function attributesOf(state: StateStore, id: EntryId): StructureOperation[] {
  const remote = state.remote.find(id);
  if (!remote) return [];
  return [{ do: "set_attributes", id, modifiedMs: remote.modifiedMs, executable: remote.executable }];
}

/** It is as if this device had never had it. */
function comeAgain({ state, offers }: Pick<Parts, "state" | "offers">, id: EntryId): void {
  state.transaction(() => {
    for (const each of [id, ...idsBelow(state.remote, id)]) {
      disown({ state, offers }, each);
      state.mark(each);
    }
  });
}
