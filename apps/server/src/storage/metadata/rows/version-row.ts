import type { AccountId, DeviceId, EntryId, VersionHash, VersionId } from "@satchel/protocol";

/** A row of `versions`, without its workspace. */
export interface VersionRow {
  readonly entry_id: EntryId;
  readonly version_id: VersionId;
  readonly sequence: number;
  readonly version_hash: VersionHash;
  readonly size: number;
  readonly modified_ms: number;
  readonly executable: number;
  readonly link_target: string | null;
  /** Packed, 36 bytes a chunk; empty for links and empty files. */
  readonly chunks: Uint8Array;
  readonly base_version_id: VersionId | null;
  /** The second parent of a merge. */
  readonly merged_version_id: VersionId | null;
  readonly account_id: AccountId;
  readonly device_id: DeviceId | null;
  /** See `encodeAlsoBy`. */
  readonly also_by: string | null;
  readonly created_at_ms: number;
  readonly superseded_at_ms: number | null;
}
