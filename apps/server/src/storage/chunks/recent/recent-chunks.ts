import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes } from "../chunk-store.ts";

export interface RecentChunksBounds {
  /** The memory for them, which is taken with the first and used again and again. */
  readonly maxBytes: number;
  /** Larger ones are not kept: of them few would fit, and reading one costs little for each byte. */
  readonly maxChunkBytes: number;
  /** When none came for so long, the memory is let go. No chunk is kept longer than twice that. */
  readonly idleMs: number;
}

/** A chunk, and who put it. */
type KeptName = `${ChunkHash} ${string}`;

interface Kept {
  /** Where it begins, counted from the first byte ever kept. */
  readonly at: number;
  readonly sizeBytes: number;
}

/** Plaintexts of small chunks that came last, in a ring, each for whoever put it: the newest take the place of the oldest. */
export class RecentChunks {
  readonly #bounds: RecentChunksBounds;
  #memory: Uint8Array | undefined;
  /** Where the next one begins. */
  #head = 0;
  /** What begins before this is not shown any more, or lay in memory that was let go. */
  #floor = 0;
  /** Where the next one began at the last sweep. */
  #sweptAt = 0;
  /** In the order in which they came. */
  readonly #kept = new Map<KeptName, Kept>();
  #lastMs = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(bounds: RecentChunksBounds) {
    this.#bounds = bounds;
  }

  /** Copies the small ones, but shows them to nobody before the function that this returns is called: when they are known to be what their hashes say, and stored. */
  take(chunks: readonly ChunkBytes[], holder: string): () => void {
    const taken = chunks.flatMap(({ hash, bytes }): [KeptName, Kept][] =>
      bytes.length > this.#bounds.maxChunkBytes
        ? []
        : [[`${hash} ${holder}`, { at: this.#copy(bytes), sizeBytes: bytes.length }]],
    );
    return () => {
      for (const [name, kept] of taken) {
        // The one that came last is the last to go.
        this.#kept.delete(name);
        if (this.#isThere(kept)) this.#kept.set(name, kept);
      }
      this.#forgetGone();
    };
  }

  /** A view on the ring, to be copied before anything is waited for. */
  find(hash: ChunkHash, holder: string): Uint8Array | undefined {
    const kept = this.#kept.get(`${hash} ${holder}`);
    if (kept === undefined || this.#memory === undefined || !this.#isThere(kept)) return undefined;
    const start = kept.at % this.#memory.length;
    return this.#memory.subarray(start, start + kept.sizeBytes);
  }

  /** Whoever put them. */
  forget(hashes: readonly ChunkHash[]): void {
    const gone: ReadonlySet<string> = new Set(hashes);
    for (const name of this.#kept.keys()) if (gone.has(name.slice(0, name.indexOf(" ")))) this.#kept.delete(name);
  }

  clear(): void {
    clearTimeout(this.#sweep);
    this.#sweep = undefined;
    this.#kept.clear();
    this.#memory = undefined;
    // Of puts that are still under way too: other memory comes in its place.
    this.#floor = this.#sweptAt = this.#head;
  }

  #copy(bytes: Uint8Array): number {
    this.#lastMs = performance.now();
    this.#sweep ??= setTimeout(() => this.#letGo(), this.#bounds.idleMs).unref();
    const memory = (this.#memory ??= new Uint8Array(this.#bounds.maxBytes));
    const room = memory.length - (this.#head % memory.length);
    if (room < bytes.length) this.#head += room;
    const at = this.#head;
    memory.set(bytes, at % memory.length);
    this.#head += bytes.length;
    return at;
  }

  /** Whether it is still to be shown, and nothing was written over it since. */
  #isThere({ at }: Kept): boolean {
    return at >= this.#floor && at >= this.#head - this.#bounds.maxBytes;
  }

  #forgetGone(): void {
    for (const [name, kept] of this.#kept) {
      if (this.#isThere(kept)) return;
      this.#kept.delete(name);
    }
  }

  #letGo(): void {
    this.#sweep = undefined;
    const idleMs = performance.now() - this.#lastMs;
    if (idleMs >= this.#bounds.idleMs) return this.clear();
    // What was there at the last sweep already came that long before the last put, or longer.
    [this.#floor, this.#sweptAt] = [this.#sweptAt, this.#head];
    this.#forgetGone();
    this.#sweep = setTimeout(() => this.#letGo(), this.#bounds.idleMs - idleMs).unref();
  }
}
