import { workspaceOfEntry, type EntryState, type WorkspaceId } from "@satchel/protocol";
import type { StorageRoom } from "../../storage/metadata/ledger-store.ts";
import type { DavParts } from "./dav-parts.ts";

/** How much is used where a folder is, and how much may be. */
export type Room = StorageRoom;

/** Of the workspace that what is in a folder belongs to; asked for once for each. */
export function openRoomLook({ metadata }: DavParts) {
  const known = new Map<WorkspaceId, Promise<Room>>();
  return async ({ id, mounts }: EntryState): Promise<Room> => {
    const workspaceId = mounts ?? workspaceOfEntry(id);
    const room = known.get(workspaceId) ?? metadata.ledger.room(workspaceId);
    known.set(workspaceId, room);
    return room;
  };
}
