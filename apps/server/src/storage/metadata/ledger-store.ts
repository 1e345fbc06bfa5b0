import type { ChunkHash, WorkspaceId } from "@satchel/protocol";

export interface ChunkSize {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
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
  /** Bytes of distinct chunks that versions of the workspace refer to, and the limit. @throws not_found */
  usage(workspaceId: WorkspaceId): Promise<{ usedBytes: number; quotaBytes: number | null }>;
}
