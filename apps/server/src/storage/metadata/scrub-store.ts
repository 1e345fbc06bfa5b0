import type { ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";

/** How far the reading of stored chunks has come: up to `after` in `workspaceId`, workspaces by their ids. */
export interface ScrubRound {
  readonly beganAtMs: number;
  /** Null while it goes on. */
  readonly endedAtMs: number | null;
  /** Null before the first one, and behind the last. */
  readonly workspaceId: WorkspaceId | null;
  /** Null before the first chunk. */
  readonly after: ChunkHash | null;
}

/** A chunk that a workspace holds, and that the chunk store doesn't give. */
export interface DamagedChunk extends ManifestChunk {
  readonly workspaceId: WorkspaceId;
}

/** What reading stored chunks found, and how far it came: it outlives the process that reads. */
export interface ScrubStore {
  findRound(): Promise<ScrubRound | undefined>;
  saveRound(round: ScrubRound): Promise<void>;
  /** Those that are known already stay as they are. */
  addDamaged(chunks: readonly DamagedChunk[], nowMs: number): Promise<void>;
  /** Those that weren't looked at for longest, which counts as a look; what isn't held any more is dropped before. */
  takeDamaged(query: { readonly limit: number; readonly nowMs: number }): Promise<readonly DamagedChunk[]>;
  /** They are whole again. */
  removeDamaged(chunks: readonly Pick<DamagedChunk, "workspaceId" | "hash">[]): Promise<void>;
  countDamaged(): Promise<number>;
}
