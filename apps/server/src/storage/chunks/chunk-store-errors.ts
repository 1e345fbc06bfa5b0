import type { ChunkHash, ProblemClass } from "@satchel/protocol";

/** The stable codes of what can go wrong in a chunk store. */
export type ChunkStoreErrorCode =
  | "chunk_mismatch"
  | "chunk_corrupt"
  | "chunk_store_full"
  | "chunk_store_busy"
  | "chunk_store_key"
  | "chunk_store_newer"
  | "chunk_store_failed";

/** An operating failure of a chunk store. `class` says what a caller may do about it. */
export class ChunkStoreError extends Error {
  readonly code: ChunkStoreErrorCode;
  readonly class: ProblemClass;

  constructor(code: ChunkStoreErrorCode, problemClass: ProblemClass, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.class = problemClass;
  }
}

/** Bytes came with a hash that is not theirs, or are empty or too large. */
export class ChunkMismatchError extends ChunkStoreError {
  readonly hash: ChunkHash;

  constructor(hash: ChunkHash) {
    super("chunk_mismatch", "stop", `the bytes sent as chunk ${hash} do not have this hash, or are empty or too large`);
    this.hash = hash;
  }
}

/** What is stored of a chunk is not what was put. */
export class ChunkCorruptError extends ChunkStoreError {
  readonly hash: ChunkHash;

  constructor(hash: ChunkHash) {
    super(
      "chunk_corrupt",
      "ask",
      `chunk ${hash} is damaged on the server's disk; it heals when a device uploads it again`,
    );
    this.hash = hash;
  }
}

/** No space left. The store goes on by itself when there is space again. */
export class ChunkStoreFullError extends ChunkStoreError {
  constructor(cause?: unknown) {
    super("chunk_store_full", "retry", "there is no space left for chunks", cause);
  }
}

/** More puts wait than the store's bound. */
export class ChunkStoreBusyError extends ChunkStoreError {
  constructor() {
    super("chunk_store_busy", "retry", "too many uploads are waiting for the disk");
  }
}

/** The keys do not fit the store: wrong master key, or the file with the data keys is missing or damaged. */
export class ChunkStoreKeyError extends ChunkStoreError {
  constructor(message: string, cause?: unknown) {
    super("chunk_store_key", "stop", message, cause);
  }
}

/** The store was written by a newer program. */
export class ChunkStoreNewerError extends ChunkStoreError {
  constructor(what: string) {
    super("chunk_store_newer", "stop", `${what} was written by a newer version of Satchel; run that version`);
  }
}

/** The disk or the store's thread failed, or the store is closed. */
export class ChunkStoreFailedError extends ChunkStoreError {
  constructor(message: string, cause?: unknown) {
    super("chunk_store_failed", "retry", message, cause);
  }
}

/** The typed error for what a system call or SQLite threw: full, or failed. Typed errors pass through. */
export function storageError(doing: string, cause: unknown): ChunkStoreError {
  if (cause instanceof ChunkStoreError) return cause;
  const { code, errcode } = (cause ?? {}) as { code?: unknown; errcode?: unknown };
  const sqliteFull = 13;
  if (code === "ENOSPC" || code === "EDQUOT" || errcode === sqliteFull) return new ChunkStoreFullError(cause);
  return new ChunkStoreFailedError(`${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
}
