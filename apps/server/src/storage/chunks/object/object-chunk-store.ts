import { minDirectChunkBytes, type ChunkHash } from "@satchel/protocol";
import type { ChunkPlaceStore, FoundPlace, PlacedChunk } from "../../metadata/chunk-place-store.ts";
import type { ChunkBytes, ChunkStore, ChunkStoreStatistics, PutBehalf, StoredChunk } from "../chunk-store.ts";
import { ChunkCorruptError, ChunkStoreFailedError, storageError } from "../chunk-store-errors.ts";
import { GroupCommit } from "../disk/group-commit.ts";
import { InFlightBytes } from "../thread/in-flight-bytes.ts";
import { checkCallSize, verifyChunk } from "../verify-chunk.ts";
import { readSoundCopies } from "../read-sound-copies.ts";
import type { DirectChunks } from "../direct-chunks.ts";
import { compactObjects } from "./compact-objects.ts";
import { directObjectChunks } from "./direct-object-chunks.ts";
import { isOwnBucket } from "./is-own-bucket.ts";
import { nameOfHolder } from "./name-of-holder.ts";
import { layChunk, layOutObject, minOwnObjectBytes, type LaidChunk } from "./object-layout.ts";
import type { ObjectStore } from "./object-store.ts";
import { readChunks } from "./read-chunks.ts";

export interface ObjectChunkStoreOptions {
  /** Closed with the chunk store. */
  readonly objects: ObjectStore;
  readonly places: ChunkPlaceStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The most bytes of one object that holds several chunks; 8 MiB if left out. */
  readonly maxObjectBytes?: number;
}

const defaultMaxObjectBytes = 8 * 1024 * 1024;
/** Objects that are written beside each other. */
const lanes = 8;
const maxBytesUnderWay = 64 * 1024 * 1024;
const maxWaitingPuts = 1000;

/**
 * Chunks in an object store such as S3, where they are in the metadata (docs/decisions/0024-chunks-in-s3.md). Any number of servers share one. Large chunks are an object each; small ones that
 * arrive together share one.
 */
export class ObjectChunkStore implements ChunkStore {
  readonly direct: DirectChunks | undefined;
  readonly #objects: ObjectStore;
  readonly #places: ChunkPlaceStore;
  readonly #now: () => number;
  readonly #lanes: readonly GroupCommit<LaidChunk>[];
  readonly #room = new InFlightBytes({ maxBytes: maxBytesUnderWay, maxWaiting: maxWaitingPuts });
  readonly #calls = new Set<Promise<unknown>>();
  #nextLane = 0;
  #compacting: Promise<{ freedBytes: number }> | undefined;
  #closing: Promise<void> | undefined;

  constructor({ objects, places, now, maxObjectBytes = defaultMaxObjectBytes }: ObjectChunkStoreOptions) {
    this.#objects = objects;
    this.#places = places;
    this.#now = now;
    const commit = (chunks: LaidChunk[]): Promise<void> => this.#write(chunks);
    const { addresses } = objects;
    this.direct = addresses && this.#guarded(directObjectChunks({ objects, addresses, places, nowMs: now }));
    this.#lanes = Array.from({ length: lanes }, () => new GroupCommit({ commit, maxGroupWeight: maxObjectBytes }));
  }

  put(chunks: readonly ChunkBytes[], behalf?: PutBehalf): Promise<void> {
    return this.#call("storing chunks", chunks.length, async () => {
      for (const chunk of chunks) verifyChunk(chunk);
      const written = await this.#withoutPresent(chunks, behalf);
      const bytes = written.reduce((sum, chunk) => sum + chunk.bytes.byteLength, 0);
      await this.#room.enter(bytes);
      try {
        await this.#store(written.map((chunk) => layChunk(chunk, this.#placeHolder(chunk, behalf))));
      } finally {
        this.#room.leave(bytes);
      }
    });
  }

  get(hashes: readonly ChunkHash[], _into?: unknown, holder?: string): Promise<(Uint8Array | undefined)[]> {
    return this.#call("reading chunks", hashes.length, async () => {
      const sound = { has: (asked: readonly ChunkHash[]) => this.#has(asked) };
      const found = await readSoundCopies(sound, () => this.#read([...new Set(hashes)], nameOfHolder(holder)));
      const taken = new Set<ChunkHash>();
      // Each answer is the caller's own, also where a chunk was asked for twice.
      return hashes.map((hash) => (taken.has(hash) ? found.get(hash)?.slice() : taken.add(hash) && found.get(hash)));
    });
  }

  has(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    return this.#call("looking for chunks", hashes.length, () => this.#has(hashes));
  }

  touch(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    return this.#call("noting a put", hashes.length, () => this.#places.touch(hashes, this.#now()));
  }

  list(page: { readonly after: ChunkHash | undefined; readonly limit: number }): Promise<StoredChunk[]> {
    return this.#call("listing chunks", page.limit, () => this.#places.list(page));
  }

  removeUntouchedSince(request: {
    readonly hashes: readonly ChunkHash[];
    readonly sinceMs: number;
  }): Promise<ChunkHash[]> {
    return this.#call("removing chunks", request.hashes.length, () => this.#places.removeUntouchedSince(request));
  }

  /** One compaction runs at a time; calls meanwhile get its result. */
  compact(): Promise<{ freedBytes: number }> {
    this.#compacting ??= this.#call("compacting objects", 0, () =>
      compactObjects({
        objects: this.#objects,
        places: this.#places,
        nowMs: this.#now(),
        isStopped: () => this.#closing !== undefined,
      }),
    ).finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  statistics(): Promise<ChunkStoreStatistics> {
    return this.#call("counting chunks", 0, () => this.#places.statistics());
  }

  isOwn(): Promise<boolean> {
    return this.#call("looking for what should be there", 0, () =>
      isOwnBucket({ objects: this.#objects, places: this.#places }),
    );
  }

  failure(): Error | undefined {
    return this.#closing === undefined ? undefined : new ChunkStoreFailedError("the chunk store is closed");
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls);
    this.#objects.close();
  }

  /** Every call: refused when closed, awaited by closing, its failures typed. */
  async #call<Answer>(doing: string, count: number, work: () => Promise<Answer>): Promise<Answer> {
    if (this.#closing !== undefined) throw new ChunkStoreFailedError("the chunk store is closed");
    checkCallSize(count);
    const call = work();
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      throw storageError(doing, error);
    } finally {
      this.#calls.delete(call);
    }
  }

  #guarded(direct: DirectChunks): DirectChunks {
    return {
      openUploads: (chunks, forMs) =>
        this.#call("making addresses", chunks.length, () => direct.openUploads(chunks, forMs)),
      takeOver: (chunks, holder) =>
        this.#call("taking chunks over", chunks.length, () => direct.takeOver(chunks, holder)),
      openDownloads: (hashes, asked) =>
        this.#call("making addresses", hashes.length, () => direct.openDownloads(hashes, asked)),
    };
  }

  /** What has to be written. Of what is put on somebody's behalf it is only asked whether what that one holds is present. */
  async #withoutPresent(chunks: readonly ChunkBytes[], behalf: PutBehalf | undefined): Promise<ChunkBytes[]> {
    const distinct = [...new Map(chunks.map((chunk) => [chunk.hash, chunk])).values()];
    const mayShow = distinct.map(({ hash }) => hash).filter((hash) => behalf === undefined || behalf.held.has(hash));
    if (mayShow.length === 0) return distinct;
    const touched = await this.#places.touch(mayShow, this.#now());
    const present = new Set(mayShow.filter((_, index) => touched[index]));
    return distinct.filter(({ hash }) => !present.has(hash));
  }

  async #store(chunks: readonly LaidChunk[]): Promise<void> {
    const isLarge = ({ bytes }: LaidChunk): boolean => bytes.byteLength >= minOwnObjectBytes;
    const small = chunks.filter((chunk) => !isLarge(chunk));
    const parts = [...chunks.filter(isLarge).map((chunk) => [chunk]), ...(small.length > 0 ? [small] : [])];
    const outcomes = await Promise.allSettled(
      parts.map(async (part) => {
        const weight = part.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
        this.#nextLane = (this.#nextLane + 1) % this.#lanes.length;
        await this.#lanes[this.#nextLane]?.add(part, weight);
      }),
    );
    // Not before all have settled: those that wait still are looked at when their turn comes, and what was lent is somebody else's by then.
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** The chunks of a group: those that are large each in an object, the others together in one. Announced, written, placed, in this order. */
  async #write(chunks: readonly LaidChunk[]): Promise<void> {
    const distinct = [...new Map(chunks.map((chunk) => [`${chunk.hash} ${chunk.holder}`, chunk])).values()];
    const large = distinct.filter(({ bytes }) => bytes.byteLength >= minOwnObjectBytes);
    const small = distinct.filter(({ bytes }) => bytes.byteLength < minOwnObjectBytes);
    const objects = [...large.map((chunk) => [chunk]), ...(small.length > 0 ? [small] : [])].map(layOutObject);
    await this.#places.announce(
      objects.map(({ key, bytes }) => ({ key, sizeBytes: bytes.byteLength })),
      this.#now(),
    );
    await Promise.all(objects.map(({ key, bytes }) => this.#objects.put(key, bytes)));
    await this.#places.place(
      objects.flatMap(({ places }) => places),
      this.#now(),
    );
  }

  /** Whose place it gets: what clients fetch past the server is each holder's own (see DirectChunks), all else is everybody's. */
  #placeHolder({ bytes }: ChunkBytes, behalf: PutBehalf | undefined): string {
    return this.direct !== undefined && bytes.byteLength >= minDirectChunkBytes ? nameOfHolder(behalf?.holder) : "";
  }

  async #has(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    return (await this.#places.find(hashes, "")).map((place) => place?.isDamaged === false);
  }

  async #read(hashes: readonly ChunkHash[], holder: string): Promise<Map<ChunkHash, Uint8Array>> {
    const read = new Map<ChunkHash, Uint8Array>();
    const first = await this.#readOnce(await this.#find(hashes, holder), read);
    // What was moved while it was looked for is elsewhere now; what is in the same place still is gone.
    const again = await this.#find(
      first.map(({ hash }) => hash),
      holder,
    );
    const gone = await this.#readOnce(again, read);
    for (const place of gone) await this.#places.markDamaged(place);
    return read;
  }

  async #find(hashes: readonly ChunkHash[], holder: string): Promise<PlacedChunk[]> {
    if (hashes.length === 0) return [];
    const found = await this.#places.find(hashes, holder);
    const damaged = found.find((place) => place?.isDamaged === true);
    if (damaged) throw new ChunkCorruptError(damaged.hash);
    return found.filter((place): place is FoundPlace => place !== undefined);
  }

  /** Adds what could be read; answers what was not where it should be. @throws ChunkCorruptError */
  async #readOnce(places: readonly PlacedChunk[], read: Map<ChunkHash, Uint8Array>): Promise<PlacedChunk[]> {
    const outcomes = await readChunks(this.#objects, places);
    const absent: PlacedChunk[] = [];
    for (const place of places) {
      const outcome = outcomes.get(place.hash);
      if (outcome === "damaged") {
        await this.#places.markDamaged(place);
        throw new ChunkCorruptError(place.hash);
      }
      if (outcome === undefined || outcome === "absent") absent.push(place);
      else read.set(place.hash, outcome);
    }
    return absent;
  }
}
