import type { EntryId } from "@satchel/protocol";
import { agree } from "./agree.ts";
import type { LocalRecord, RemoteRecord, StateStore } from "../state/state-store.ts";

/** Whether disk and server have the same, as far as synchronisation goes. */
export function isSettled(local: LocalRecord, remote: RemoteRecord): boolean {
  return (
    local.parentId === remote.parentId &&
    local.name === remote.name &&
    local.type === remote.type &&
    local.content === "known" &&
    local.contentHash === remote.contentHash &&
    local.modifiedMs === remote.modifiedMs &&
    local.executable === remote.executable
  );
}

/** When both sides have the same, writes that down as agreed. Returns whether they have. */
export function settle(state: StateStore, id: EntryId): boolean {
  const local = state.local.find(id);
  const remote = state.remote.find(id);
  if (!local || !remote || !isSettled(local, remote)) return false;
  agree(state, id, remote, "all");
  state.unmark(id);
  return true;
}
