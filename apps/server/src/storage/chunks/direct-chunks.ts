import type { ChunkHash } from "@satchel/protocol";

/** A request that somebody else may make to the place where chunks lie. */
export interface DirectAddress {
  readonly url: string;
  /** What the request has to carry, exactly so. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An address for the bytes of one chunk, in an object of its own. */
export interface DirectUpload extends DirectAddress {
  readonly objectKey: string;
}

/** A chunk that somebody says to have brought. */
export interface BroughtChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
  /** Of the address that was made for it. */
  readonly objectKey: string;
}

/**
 * Chunks that don't pass through the server: whoever has an address brings or fetches the bytes where they lie. Like the chunk store, it knows no rights. At most `maxChunksPerCall` in a call.
 * Rejections are `ChunkStoreError`s.
 */
export interface DirectChunks {
  /** For each chunk an address under which these very bytes are taken, and no others, for so long. Nothing tells whether the store has the chunk already. */
  openUploads(
    chunks: readonly { readonly hash: ChunkHash; readonly sizeBytes: number }[],
    forMs: number,
  ): Promise<DirectUpload[]>;
  /**
   * Which of them lie under the addresses that were made for them, verified by the place itself: these are stored from now on, durably. A call may be repeated.
   * False also for what was taken away since, or lies there unverified. The holder is a name of the caller's for whoever brought them.
   */
  takeOver(chunks: readonly BroughtChunk[], holder: string): Promise<boolean[]>;
  /** For each chunk an address of the bytes that this holder brought or put, as they are, for so long; undefined where there are none, or not in this form. That others have the chunk changes nothing. */
  openDownloads(
    hashes: readonly ChunkHash[],
    asked: { readonly holder: string; readonly forMs: number },
  ): Promise<(DirectAddress | undefined)[]>;
}
