import type { ChunkStore } from "../chunks/chunk-store.ts";

/** Where backups are kept: the metadata as it was at several instants, and every chunk that one of them needs, once. */
export interface BackupStore {
  /** Encrypted under the backup's own key. */
  readonly chunks: ChunkStore;
  /** 32 bytes, from which keys for snapshots are derived. */
  readonly key: Uint8Array;
  /** Names, oldest first. */
  listSnapshots(): Promise<string[]>;
  /** Durable, and listed, once it resolves; a program that dies before leaves nothing that is listed. The bytes come sealed. */
  writeSnapshot(name: string, sealed: AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws BackupError when there is none of this name */
  readSnapshot(name: string): AsyncIterable<Uint8Array>;
  /** Durable once it resolves. One that isn't there is removed already. */
  removeSnapshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A backup can't be made, read or restored; the message says why, and what to do. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
