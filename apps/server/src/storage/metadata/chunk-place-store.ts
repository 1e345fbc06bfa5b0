import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStoreStatistics, StoredChunk } from "../chunks/chunk-store.ts";

/** An immutable object in an object store; its name is never used twice. */
export interface ChunkObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** A chunk, and where in an object its bytes are. */
export interface PlacedChunk {
  readonly hash: ChunkHash;
  /** Whose place it is, by a name that tells nothing of them; empty for everybody's. A chunk has at most one place of each. */
  readonly holder: string;
  readonly objectKey: string;
  readonly offset: number;
  /** Of the bytes in the object. */
  readonly storedBytes: number;
  /** Of the plaintext. */
  readonly plainBytes: number;
  readonly isCompressed: boolean;
}

/** A chunk where it is. If reading it failed before, it can't be had, and a put stores it anew. */
export interface FoundPlace extends PlacedChunk {
  readonly isDamaged: boolean;
}

/**
 * Where a chunk store that keeps its bytes in an object store finds them. Shared by all servers of an installation, and keyed by chunk: a chunk belongs to no workspace.
 * An object is announced before it is written, so that one whose writer died is found and removed; and is filled once, so that one without chunks can go.
 */
export interface ChunkPlaceStore {
  /** Notes objects that are about to be written. */
  announce(objects: readonly ChunkObject[], nowMs: number): Promise<void>;
  /**
   * The object is written, and its chunks are to be had from now on. A chunk that has a sound place of that holder keeps that one, and its last put becomes now.
   * @throws Error when the object was given up meanwhile (see {@link listForsaken})
   */
  place(chunks: readonly PlacedChunk[], nowMs: number): Promise<void>;
  /** In the order of the question; undefined for what has no place. A sound one, the holder's own where there is such. */
  find(hashes: readonly ChunkHash[], holder: string): Promise<(FoundPlace | undefined)[]>;
  /** Makes the last put of those present now, in all their places or in the holder's own, and never earlier; answers which are. Damaged ones are not. */
  touch(hashes: readonly ChunkHash[], nowMs: number, holder?: string): Promise<boolean[]>;
  /** The chunk can't be read where it was looked for. Nothing happens when it is elsewhere by now. */
  markDamaged(chunk: { readonly hash: ChunkHash; readonly objectKey: string }): Promise<void>;
  /** As `ChunkStore.list`. */
  list(page: { readonly after: ChunkHash | undefined; readonly limit: number }): Promise<StoredChunk[]>;
  /** As `ChunkStore.removeUntouchedSince`. */
  removeUntouchedSince(request: {
    readonly hashes: readonly ChunkHash[];
    readonly sinceMs: number;
  }): Promise<ChunkHash[]>;
  /** Objects of which less than half is needed, but something: by key, those after `after`. */
  listSparse(page: { readonly after: string | undefined; readonly limit: number }): Promise<ChunkObject[]>;
  /** All chunks that are in an object. */
  listPlaced(objectKey: string): Promise<PlacedChunk[]>;
  /** The announced object has copies of these chunks: they are there from now on, but for those that were removed, or are elsewhere than `fromKey` by now. */
  move(chunks: readonly PlacedChunk[], fromKey: string): Promise<void>;
  /** Objects that hold nothing, and those announced before `announcedBeforeMs` and never filled. Filling them is refused from now on. */
  listForsaken(request: { readonly announcedBeforeMs: number; readonly limit: number }): Promise<ChunkObject[]>;
  /** They are gone from the object store. */
  forget(objectKeys: readonly string[]): Promise<void>;
  /** Sums over the objects: about a millisecond for each thousand of them. */
  statistics(): Promise<ChunkStoreStatistics>;
}
