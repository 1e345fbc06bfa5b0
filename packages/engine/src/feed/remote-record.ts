import { parseTimestamp, type EntryState } from "@satchel/protocol";
import type { RemoteRecord } from "../state/state-store.ts";

/** An entry of the server's feed, as the remote tree keeps it. */
export function remoteRecord(entry: EntryState): RemoteRecord {
  return {
    id: entry.id,
    parentId: entry.parent_id,
    name: entry.name,
    type: entry.type,
    contentHash: entry.version_hash,
    sizeBytes: entry.type === "file" ? entry.size : 0,
    modifiedMs: entry.type !== "file" || entry.modified === null ? 0 : parseTimestamp(entry.modified),
    executable: entry.type === "file" && entry.executable,
    linkTarget: entry.link_target,
    versionId: entry.version_id,
    conflictOf: entry.conflict_of,
    sequence: entry.sequence,
  };
}
