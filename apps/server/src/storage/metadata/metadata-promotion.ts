import type { ChunkHash } from "@satchel/protocol";

/** Moves the metadata from SQLite, which is written to meanwhile, to PostgreSQL. Each step may be killed anywhere; begun again, they go on. */
export interface MetadataPromotion {
  /** From then on the source notes what changes. Answers whether the target already has a copy of this source. @throws DatabaseInUseError when it has anything else */
  begin(): Promise<{ readonly isLoaded: boolean }>;
  /** Copies everything as it is at one instant: all of it or nothing. */
  load(onRows?: (rows: number) => void): Promise<void>;
  /** Brings what changed since to the target, in one transaction, and answers how many rows that were. `bring` gets the chunks that workspaces came to hold, before any row says so. */
  follow(bring: (chunks: readonly HeldChunk[]) => Promise<void>): Promise<number>;
  /** The target is a database like any other now. */
  settle(): Promise<void>;
}

export interface HeldChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}
