import {
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type EntryId,
  type VersionHash,
  type VersionId,
} from "@satchel/protocol";
import type { LocalRecord, RemoteRecord } from "../state/state-store.ts";
import { StateStore } from "../state/state-store.ts";

const workspaceId = makeWorkspaceId(new Uint8Array(10));
export const rootId = rootEntryId(workspaceId);

/** An empty state in memory. */
export function openState(): StateStore {
  return new StateStore(":memory:", workspaceId);
}

export function entryId(number: number): EntryId {
  return makeEntryId(workspaceId, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, number >> 8, number));
}

const item = {
  parentId: rootId,
  sizeBytes: 1,
  modifiedMs: 1000,
  executable: false,
  linkTarget: null,
  conflictOf: null,
};

/** A file of the remote tree in the root, of which only what matters is given. */
export function remoteFile(id: EntryId, name: string, content: string, sequence = 1): RemoteRecord {
  return {
    ...item,
    id,
    name,
    type: "file",
    contentHash: content as VersionHash,
    versionId: `v${sequence}` as VersionId,
    sequence,
  };
}

export function remoteFolder(id: EntryId, name: string): RemoteRecord {
  return {
    ...item,
    id,
    name,
    type: "folder",
    contentHash: null,
    sizeBytes: 0,
    modifiedMs: 0,
    versionId: null,
    sequence: 1,
  };
}

/** The local file of the same content and attributes. */
export function localLike({ versionId: _version, sequence: _sequence, ...remote }: RemoteRecord): LocalRecord {
  return { ...remote, content: "known", inode: `inode of ${remote.id}`, fingerprint: "fingerprint", modifiedNs: "0" };
}
