import { decodeManifest } from "@satchel/chunking";
import type { EntryState, ListedEntry, Metadata } from "@satchel/protocol";
import type { FoundEntry } from "../../storage/metadata/tree-store.ts";

export function describeListed(entry: EntryState): ListedEntry {
  return {
    id: entry.id,
    name: entry.name,
    type: entry.type,
    latest_version: entry.version_id,
    size: entry.size,
    modified: entry.modified,
    version_hash: entry.version_hash,
    executable: entry.executable,
    link_target: entry.link_target,
    conflict_of: entry.conflict_of,
    ...(entry.mounts !== undefined && { mounts: entry.mounts }),
  };
}

export function describeMetadata({ entry, packedChunks }: FoundEntry): Metadata {
  const chunks = decodeManifest(packedChunks);
  return {
    file_id: entry.id,
    name: entry.name,
    type: entry.type,
    parent_folder_id: entry.parent_id,
    latest_version: entry.version_id,
    size: entry.size,
    modified: entry.modified,
    executable: entry.executable,
    link_target: entry.link_target,
    version_hash: entry.version_hash,
    chunk_hashes: chunks.map((chunk) => chunk.hash),
    chunk_sizes: chunks.map((chunk) => chunk.sizeBytes),
  };
}

/** The state that won, as the 409 of `POST /v1/files/commit` tells it. */
export function describeCurrent(entry: EntryState) {
  const { id, ...listed } = describeListed(entry);
  return { file_id: id, parent_folder_id: entry.parent_id, deleted: entry.deleted, ...listed };
}
