import type { SqlDatabase } from "../sql/sql-database.ts";
import type { DavStore } from "../dav-store.ts";
import * as locks from "./dav-locks.ts";
import * as properties from "./dav-properties.ts";
import { appendPart, findUpload, settleUpload } from "./resumable-uploads.ts";
import * as uploads from "./dav-uploads.ts";
import { folderStamps } from "./folder-stamps.ts";

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
    folderStamps: (workspaceId, folders) => folderStamps(database, workspaceId, folders),
    beginUpload: (upload, nowMs) => database.transaction((session) => uploads.beginUpload(session, upload, nowMs)),
    isUploading: (upload, nowMs) => database.read((session) => uploads.isUploading(session, upload, nowMs)),
    putPart: (upload, part, nowMs) => database.transaction((session) => uploads.putPart(session, upload, part, nowMs)),
    listParts: (upload, nowMs) => database.read((session) => uploads.listParts(session, upload, nowMs)),
    readParts: (upload, nowMs) => database.read((session) => uploads.readParts(session, upload, nowMs)),
    endUpload: (upload) => database.transaction((session) => uploads.endUpload(session, upload)),
    findUpload: (upload, nowMs) => database.read((session) => findUpload(session, upload, nowMs)),
    appendPart: (upload, part, nowMs) => database.transaction((session) => appendPart(session, upload, part, nowMs)),
    settleUpload: (upload, settled) => database.transaction((session) => settleUpload(session, upload, settled)),
  };
}
