import type { ChunkHash } from "@satchel/protocol";
import type { DirectChunks } from "./direct-chunks.ts";

/** One chunk on its way into a store. */
export interface ChunkBytes {
  readonly hash: ChunkHash;
  /** 1 byte to `maxChunkSizeBytes` (4 MiB); its SHA-256 is `hash`. */
  readonly bytes: Uint8Array;
}

/** On whose behalf chunks are put. What is done, and how long it takes, then depends on nothing that others put. */
export interface PutBehalf {
  /** A name of the caller's for whoever puts them: what was put lately is remembered for the same one only. */
  readonly holder: string;
  /** Those that it is known to have put before: like those of a put without behalf, they are not written again. All others are, whether the store has them or not; copies go with the next `compact`. */
  readonly held: ReadonlySet<ChunkHash>;
}

/** One chunk as a listing shows it. */
export interface StoredChunk {
  readonly hash: ChunkHash;
  /** Of the plaintext. */
  readonly sizeBytes: number;
  /** When the chunk was last put or touched, by the store's clock. Never earlier than the truth; later after an unclean stop. */
  readonly putAtMs: number;
}

/** What a store holds; copies that wait for `compact` count as well. Cheap to ask for: no reading of chunks, no counting of rows. */
export interface ChunkStoreStatistics {
  readonly chunks: number;
  /** Plaintext bytes of all chunks. */
  readonly plainBytes: number;
  /** Bytes of the records of all chunks: compressed, encrypted, with headers. */
  readonly storedBytes: number;
  /** Bytes that the store takes, garbage that `compact` would free included. */
  readonly occupiedBytes: number;
}

/** The most hashes or chunks in one call, asked or answered. More is the caller's mistake: RangeError. */
export const maxChunksPerCall = 10_000;

/**
 * Keeps immutable chunks by the SHA-256 of their plaintext. It knows no workspaces and no rights: who may put, get or learn of a
 * chunk is decided by its callers.
 *
 * Callers may rely on: what a resolved `put` stored survives a power cut; a call sees every call that resolved before it was made;
 * answers are in the order of the question, which may name a hash twice; a call that rejects may be repeated. Every rejection by an
 * operating failure is a `ChunkStoreError`. Calls may run concurrently.
 */
export interface ChunkStore {
  /**
   * Verifies and stores chunks, all of the call or none of it. Resolves when all are durable. A chunk that is present is not written
   * again, but for what `behalf` says; its last put becomes now.
   *
   * The store takes the bytes over: it may detach their buffers, so use them no more. A caller that needs them puts a copy. Bytes in shared memory
   * stay the caller's, unchanged until the put settles.
   *
   * @throws ChunkMismatchError when bytes are not what their hash or the bounds say: nothing of the call is stored.
   * @throws ChunkStoreFullError when there is no room now; nothing of the call may be relied upon.
   * @throws ChunkStoreBusyError when too many puts wait already.
   */
  put(chunks: readonly ChunkBytes[], behalf?: PutBehalf): Promise<void>;

  /**
   * The plaintexts, verified, each the caller's own; undefined where the store has no such chunk. The caller bounds what it asks for: all of the answer is in memory.
   * The store may put them `into` the caller's memory, each once, where they fit; it doesn't touch that any more when the call has settled.
   * Only what the `holder` put itself may be answered from memory.
   *
   * @throws ChunkCorruptError when the stored bytes of one are damaged. `has` is false for that chunk from then on, until it is put again.
   */
  get(
    hashes: readonly ChunkHash[],
    into?: Uint8Array<SharedArrayBuffer>,
    holder?: string,
  ): Promise<(Uint8Array | undefined)[]>;

  /** Which chunks can be had. Changes nothing: the collector may remove one the next moment. To promise presence, `touch`. */
  has(hashes: readonly ChunkHash[]): Promise<boolean[]>;

  /** Like `has`, and makes the last put of those present now, which keeps the collector away from them for its grace period. */
  touch(hashes: readonly ChunkHash[]): Promise<boolean[]>;

  /** Up to `limit` chunks (at most `maxChunksPerCall`) in hash order, those after `after`. An empty page is the end. Damaged chunks are listed too. */
  list(page: { readonly after: ChunkHash | undefined; readonly limit: number }): Promise<StoredChunk[]>;

  /**
   * Removes those of the chunks whose last put is before `sinceMs`, and returns them. Looking and removing is one step: a put or touch
   * of the same chunk comes either before it (and the chunk stays) or after it (and a put stores it anew). After a power cut a removed
   * chunk may be back, so the collector works from `list`, never from a memory of what it removed.
   */
  removeUntouchedSince(request: {
    readonly hashes: readonly ChunkHash[];
    readonly sinceMs: number;
  }): Promise<ChunkHash[]>;

  /** Gives the space of removed chunks back to the system where enough of it lies together. May run beside every other call, and be killed. */
  compact(): Promise<{ readonly freedBytes: number }>;

  /** How chunks come and go without passing through this server; undefined where they can't. */
  readonly direct?: DirectChunks | undefined;

  statistics(): Promise<ChunkStoreStatistics>;

  /** Whether what should be here is, as far as some looks tell: else this is the place of another store. Undefined where places and bytes can't come apart. [CS52] */
  readonly isOwn?: (() => Promise<boolean>) | undefined;

  /** Why no call can succeed until the store is opened anew, or undefined while it works. For readiness checks. */
  failure(): Error | undefined;

  /** Finishes the calls that were made, then closes. Calls made later reject. May be called twice. */
  close(): Promise<void>;
}
