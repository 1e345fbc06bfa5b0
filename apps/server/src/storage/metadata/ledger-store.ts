import type { AccountId, ChunkHash, WorkspaceId } from "@satchel/protocol";

export interface ChunkSize {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

/** All in bytes. */
export interface StorageRoom {
  /** Of distinct chunks that versions refer to. */
  readonly usedBytes: number;
  /** The most that may be used here now, by the workspace's own limit and by its owner's, which counts all that the owner has; null for none. */
  readonly quotaBytes: number | null;
  /** Of chunks that were brought and that no version refers to yet; 0 where there is no limit. */
  readonly pendingBytes: number;
}

/** The same, and what it is used for, before equal parts are stored once: of living files, of their old versions, and of what lies in the trash. */
export interface StorageUse extends StorageRoom {
  readonly filesBytes: number;
  readonly versionsBytes: number;
  readonly trashBytes: number;
}

/**
 * Which workspace may reference which chunk. A chunk is held by a workspace once it was uploaded to it, which is the only way in; that another workspace has the same chunk never shows.
 */
export interface LedgerStore {
  /** The workspace has shown to possess these bytes (they are durable in the chunk store): it holds the chunks from now on, unreferenced ones for at least the grace time after `nowMs`. */
  grant(workspaceId: WorkspaceId, chunks: readonly ChunkSize[], nowMs: number): Promise<void>;
  /**
   * For each chunk its size where the workspace holds it, else undefined. Renews the grace of what it holds: whoever was told 'present' may commit within the grace time.
   */
  sizesOfHeld(workspaceId: WorkspaceId, hashes: readonly ChunkHash[], nowMs: number): Promise<(number | undefined)[]>;
  /** What decides whether more bytes may come; for a look before they land. @throws not_found */
  room(workspaceId: WorkspaceId): Promise<StorageRoom>;
  /** For what the bytes are used. Reads every version. @throws not_found */
  use(workspaceId: WorkspaceId): Promise<StorageUse>;
  /** The most that all workspaces of the account may use together; null for no limit. What is stored stays, also when it is more. */
  setQuota(limit: { accountId: AccountId; quotaBytes: number | null }): Promise<void>;
  /** The account's workspaces, its root folder first. */
  listOwned(accountId: AccountId): Promise<WorkspaceId[]>;
  /** What all workspaces of the account use together, and the account's limit; both in bytes, null for none. @throws not_found */
  accountUsage(accountId: AccountId): Promise<{ usedBytes: number; quotaBytes: number | null }>;
  /** Bytes of distinct chunks that versions of the workspace refer to, and the limit. @throws not_found */
  usage(workspaceId: WorkspaceId): Promise<{ usedBytes: number; quotaBytes: number | null }>;
}
