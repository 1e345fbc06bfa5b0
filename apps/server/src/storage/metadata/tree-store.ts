import type {
  AccountId,
  CommitOperation,
  CommitResult,
  DeviceId,
  EntryId,
  EntryState,
  VersionId,
  VersionState,
  WorkspaceId,
} from "@satchel/protocol";
import type { ChunkSize } from "./ledger-store.ts";
import type { LiveHold } from "./live-store.ts";

/** A place in a workspace's journal. */
export interface FeedPosition {
  /** The number of the last change that is included; 0 for none. */
  readonly sequence: number;
  /** Changes when the database went back in time (a restored backup), so that old positions are known to be foreign. */
  readonly epoch: string;
  /**
   * Only while somebody lists a workspace from the beginning: where the feed ended when they started. It goes into the cursor and comes back with it, since such a position stays good although it lies before tombstones that were pruned:
   * what they stood for was gone before the listing began.
   */
  readonly listingHead?: number;
  /**
   * When the last change that is included was made, where that is known. A server that was restored from a backup gives numbers anew: whoever was told of other changes under them is recognised by this.
   */
  readonly madeAtMs?: number;
}

/** Who makes a change; the device is null for the server's own work and for `admin` commands. */
export interface Author {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId | null;
  /** Who else made it, where several people did. */
  readonly alsoBy?: readonly AccountId[];
}

export interface CommitBatch {
  readonly workspaceId: WorkspaceId;
  readonly author: Author;
  /** Up to where the author knew the workspace; a `delete` is refused when its subtree changed after it. */
  readonly seenSequence: number;
  readonly operations: readonly CommitOperation[];
  /** Chunks that came with the commit and are durable: the workspace holds them from this transaction on, as by `LedgerStore.grant`. */
  readonly granted?: readonly ChunkSize[];
  /** Nothing is committed unless this live session is held by then: a process that stood still for longer than its lease must not write over its successor. Else the commit throws `unavailable`. */
  readonly heldBy?: LiveHold;
  /** Repeating a key within 24 hours gives the first answer and changes nothing; with another request (by `requestHash`): `key_reused`. */
  readonly idempotency: { readonly key: string; readonly requestHash: string } | undefined;
  readonly nowMs: number;
}

export interface CommitOutcome {
  readonly results: readonly CommitResult[];
  readonly before: FeedPosition;
  readonly after: FeedPosition;
  /** The entries that changed, with their states after the batch, in feed order; empty when the answer is a repeated one. */
  readonly changes: readonly EntryChange[];
}

export interface TransferCommand {
  readonly id: EntryId;
  /** Of the other workspace. */
  readonly parentId: EntryId;
  readonly name: string;
  readonly author: Author;
  /** As in {@link CommitBatch}, of the workspace where it arrives. */
  readonly idempotency: CommitBatch["idempotency"];
  readonly nowMs: number;
}

export interface TransferOutcome {
  /** Of the new entry, */
  readonly id: EntryId;
  /** and where it is in its workspace. */
  readonly path: string;
  /** What changed where it arrived, and where it was; undefined when the answer is a repeated one. */
  readonly brought: Omit<CommitOutcome, "results"> | undefined;
  readonly removed: Omit<CommitOutcome, "results"> | undefined;
}

export type ChangeKind = "created" | "updated" | "moved" | "deleted" | "restored";

export interface EntryChange {
  readonly kind: ChangeKind;
  readonly entry: EntryState;
  /** From the root, such as `/docs/a.txt`; where the entry was, for a deleted one. */
  readonly path: string;
}

export interface FeedPage {
  readonly changes: readonly EntryState[];
  readonly position: FeedPosition;
  readonly hasMore: boolean;
}

export interface FolderPage {
  readonly entries: readonly EntryState[];
  /** Give it back as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** The living tree of a workspace and its change feed. */
export interface TreeStore {
  /**
   * Applies a batch in order, in one transaction; concurrent batches of all workspaces may share one (group commit). An operation that is refused leaves the others. Checks per operation:
   * the entry and all its ancestors are alive (`not_found`), the name is free (`name_taken`, with the entry that has it), the base is current (`version_conflict`, `place_conflict`, with the current state),
   * no cycle (`cycle`), chunks of the content are held by the workspace's ledger with these sizes (`chunk_missing`), the version hash fits the chunks (`manifest_mismatch`), the quota (`quota_exceeded`).
   */
  commit(batch: CommitBatch): Promise<CommitOutcome>;
  /**
   * Takes a living entry, with all below it and with all their versions, into a folder of another workspace, as new entries there, and deletes it where it was, in one transaction. Moves no bytes.
   * @throws not_found, name_taken, share_nested, limit_exceeded, quota_exceeded, content_quarantined, key_reused; bad_request within one workspace
   */
  transfer(command: TransferCommand): Promise<TransferOutcome>;
  /** Where the feed of a workspace ends now. @throws not_found */
  head(workspaceId: WorkspaceId): Promise<FeedPosition>;
  /**
   * Entries whose last change lies after `after`, in that order, at most `limit`; from the beginning (undefined), living ones only.
   * @throws cursor_expired when tombstones after that position were already pruned, or the epoch is another; cursor_ahead when it lies beyond the head.
   */
  changesSince(query: { workspaceId: WorkspaceId; after: FeedPosition | undefined; limit: number }): Promise<FeedPage>;
  /** Living entries only: undefined for what is deleted, lies in a deleted folder, or never was. With the full manifest. */
  findEntry(id: EntryId): Promise<FoundEntry | undefined>;
  /** @throws not_found when the folder is not alive, or no folder */
  listFolder(query: { folderId: EntryId; after: string | undefined; limit: number }): Promise<FolderPage>;
  /** Follows names from the root; undefined when there is no such living entry. `["docs", "a.txt"]` */
  resolvePath(workspaceId: WorkspaceId, names: readonly string[]): Promise<EntryId | undefined>;
  /** `/docs/a.txt`, of living and deleted entries; undefined when it never was. */
  pathOf(id: EntryId): Promise<string | undefined>;
  /** Packed manifests (36 bytes a chunk) of versions, current or old, in order; undefined for what is gone. */
  manifests(
    workspaceId: WorkspaceId,
    versions: readonly { id: EntryId; versionId: VersionId }[],
  ): Promise<(Uint8Array | undefined)[]>;
  /** Of these entries, those that are alive, in no order. */
  findLiving(ids: readonly EntryId[]): Promise<LivingEntry[]>;
  /** Entries of each workspace whose last change lies after `after`, newest first and at most `limit` of each; deleted ones are left out, those in deleted folders are not. */
  latestChanges(query: {
    readonly workspaces: readonly { readonly workspaceId: WorkspaceId; readonly after: number }[];
    readonly limit: number;
  }): Promise<EntryState[]>;
  /** Living conflicted copies of these workspaces, by id after `after`: one workspace after the other. A page may be short and not the last. */
  listConflicts(query: {
    workspaceIds: readonly WorkspaceId[];
    after: string | undefined;
    limit: number;
  }): Promise<{ readonly conflicts: readonly Conflict[]; readonly next: string | null }>;
}

export interface FoundEntry {
  readonly entry: EntryState;
  readonly path: string;
  /** 36 bytes a chunk; empty for folders, links and empty files. */
  readonly packedChunks: Uint8Array;
}

/** A conflicted copy with what it is a copy of. */
export interface Conflict {
  readonly copy: EntryState;
  /** From the root of its workspace. */
  readonly path: string;
  readonly originalId: EntryId;
  /** Undefined when it is deleted. */
  readonly original: { readonly entry: EntryState; readonly path: string } | undefined;
  /** The latest version of the copy, and of the original; undefined for a folder. */
  readonly mine: VersionState | undefined;
  readonly theirs: VersionState | undefined;
  /** The version of the original that both started from; undefined where there was none, or none is known. */
  readonly base: VersionState | undefined;
}

export interface LivingEntry {
  readonly entry: EntryState;
  readonly path: string;
  /** The folders that it lies in, from the root down. */
  readonly folders: readonly EntryId[];
}
