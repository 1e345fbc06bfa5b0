import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStoreStatistics, PutBehalf, StoredChunk } from "../chunk-store.ts";
import {
  ChunkCorruptError,
  ChunkMismatchError,
  ChunkStoreBusyError,
  ChunkStoreError,
  ChunkStoreFailedError,
  ChunkStoreFullError,
  ChunkStoreKeyError,
  type ChunkStoreErrorCode,
} from "../chunk-store-errors.ts";

/** What the two threads are started with. The writer opens the store; then the reader opens it for reading. */
export interface ThreadStart {
  readonly role: "writer" | "reader";
  readonly directory: string;
  readonly masterKey: Uint8Array;
  readonly maxPackBytes: number | undefined;
}

/** The calls that a thread answers, by name: question and answer. */
export interface ThreadCalls {
  /** The first message to each thread. Answered when the store is open. */
  open: [undefined, undefined];
  put: [{ hashes: readonly ChunkHash[]; bytes: readonly Uint8Array[]; behalf?: PutBehalf | undefined }, undefined];
  touch: [readonly ChunkHash[], boolean[]];
  removeUntouchedSince: [{ hashes: readonly ChunkHash[]; sinceMs: number }, ChunkHash[]];
  compact: [undefined, { freedBytes: number }];
  statistics: [undefined, ChunkStoreStatistics];
  distrust: [ChunkHash, undefined];
  get: [{ hashes: readonly ChunkHash[]; into: Uint8Array<SharedArrayBuffer> | undefined }, (Uint8Array | undefined)[]];
  has: [readonly ChunkHash[], boolean[]];
  list: [{ after: ChunkHash | undefined; limit: number }, StoredChunk[]];
  releaseFiles: [undefined, undefined];
  close: [undefined, undefined];
}

export type ThreadCallName = keyof ThreadCalls;

export interface ThreadQuestion {
  readonly id: number;
  readonly name: ThreadCallName;
  readonly argument: unknown;
  /** The asking thread's clock, which is the store's. */
  readonly nowMs: number;
}

export type ThreadAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: SentError };

/** An error as it crosses between threads, where classes don't. */
export interface SentError {
  readonly code: ChunkStoreErrorCode | undefined;
  readonly message: string;
  readonly hash: ChunkHash | undefined;
  readonly range: boolean;
}

export function sendableError(error: unknown): SentError {
  const hash = error instanceof ChunkMismatchError || error instanceof ChunkCorruptError ? error.hash : undefined;
  return {
    code: error instanceof ChunkStoreError ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
    hash,
    range: error instanceof RangeError,
  };
}

export function receivedError({ code, message, hash, range }: SentError): Error {
  if (code === "chunk_mismatch" && hash !== undefined) return new ChunkMismatchError(hash);
  if (code === "chunk_corrupt" && hash !== undefined) return new ChunkCorruptError(hash);
  if (code === "chunk_store_full") return new ChunkStoreFullError();
  if (code === "chunk_store_busy") return new ChunkStoreBusyError();
  if (code === "chunk_store_key") return new ChunkStoreKeyError(message);
  if (code === "chunk_store_newer") return new ChunkStoreError(code, "stop", message);
  if (range) return new RangeError(message);
  return new ChunkStoreFailedError(message);
}
