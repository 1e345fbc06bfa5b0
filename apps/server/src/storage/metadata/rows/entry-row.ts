import {
  formatTimestamp,
  type AccountId,
  type EntryId,
  type EntryState,
  type EntryType,
  type VersionHash,
  type VersionId,
  type WorkspaceId,
} from "@satchel/protocol";

/** A row of `entries`, without its workspace. */
export interface EntryRow {
  readonly entry_id: EntryId;
  /** Null for the root only. */
  readonly parent_id: EntryId | null;
  readonly name: string;
  readonly type: EntryType;
  readonly version_id: VersionId | null;
  readonly version_hash: VersionHash | null;
  readonly size: number;
  readonly modified_ms: number | null;
  readonly executable: number;
  readonly link_target: string | null;
  readonly conflict_of: EntryId | null;
  /** Of a conflicted copy: the version of its original that both sides started from, where that is known. Means nothing without `conflict_of`. */
  readonly conflict_base: VersionId | null;
  /** The shared workspace that stands in the place of this folder; null for every other entry. Outlives the entry's deletion, so that the same entry comes back. */
  readonly mounts: WorkspaceId | null;
  readonly sequence: number;
  /** When the entry itself was deleted; an entry in a deleted folder is gone too, though it has null here. */
  readonly deleted_at_ms: number | null;
  readonly deleted_by: AccountId | null;
}

/** The columns of an {@link EntryRow}, of the table that the alias stands for. */
export function entryColumns(alias: string): string {
  return entryColumnNames.map((name) => `${alias}.${name}`).join(", ");
}

const entryColumnNames = [
  "entry_id",
  "parent_id",
  "name",
  "type",
  "version_id",
  "version_hash",
  "size",
  "modified_ms",
  "executable",
  "link_target",
  "conflict_of",
  "conflict_base",
  "mounts",
  "sequence",
  "deleted_at_ms",
  "deleted_by",
] as const satisfies readonly (keyof EntryRow)[];

/** As the feed tells it; `packedChunks` where the manifest is short enough to go along. */
export function toEntryState(row: EntryRow, packedChunks?: Uint8Array | null): EntryState {
  const state: EntryState = {
    id: row.entry_id,
    parent_id: row.parent_id,
    name: row.name,
    type: row.type,
    deleted: row.deleted_at_ms !== null,
    sequence: row.sequence,
    version_id: row.version_id,
    version_hash: row.version_hash,
    size: row.size,
    modified: row.modified_ms === null ? null : formatTimestamp(row.modified_ms),
    executable: row.executable === 1,
    link_target: row.link_target,
    conflict_of: row.conflict_of,
  };
  if (row.mounts !== null) state.mounts = row.mounts;
  if (packedChunks) state.chunks = toBase64(packedChunks);
  return state;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
