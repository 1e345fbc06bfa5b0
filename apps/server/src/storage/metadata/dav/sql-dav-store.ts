import type { SqlDatabase } from "../sql/sql-database.ts";
import type { DavStore } from "../dav-store.ts";
import * as locks from "./dav-locks.ts";
import * as properties from "./dav-properties.ts";

/** See DavStore. */
export function davStore(database: SqlDatabase): DavStore {
  return {
    listProperties: (workspaceId, ids) =>
      database.read((session) => properties.listProperties(session, workspaceId, ids)),
    patchProperties: (entryId, changes) =>
      database.transaction((session) => properties.patchProperties(session, entryId, changes)),
    copyProperties: (copy) => database.transaction((session) => properties.copyProperties(session, copy)),
    listLocks: (workspaceId, nowMs) => database.read((session) => locks.listLocks(session, workspaceId, nowMs)),
    addLock: (lock, nowMs) => database.transaction((session) => locks.addLock(session, lock, nowMs)),
    prolongLock: (lock, nowMs) => database.transaction((session) => locks.prolongLock(session, lock, nowMs)),
    removeLocks: (workspaceId, tokens) =>
      database.transaction((session) => locks.removeLocks(session, workspaceId, tokens)),
  };
}
