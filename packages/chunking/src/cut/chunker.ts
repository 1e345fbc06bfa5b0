import type { ChunkHash } from "@satchel/protocol";
import { ChunkBuffer } from "./chunk-buffer.ts";
import type { Level } from "./levels.ts";
import type { Scanner } from "./scanner.ts";
import { createScanner } from "./wasm-scanner.ts";

/** A chunk, found and named. */
export interface CutChunk {
  /** Where in the file it starts. */
  offset: number;
  /** 1 to 4 MiB (`maxChunkSizeBytes`). */
  sizeBytes: number;
  hash: ChunkHash;
  /** The chunk itself, in the chunker's own memory: valid until the next chunk is asked for. Copy what has to last. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Puts the next bytes of a file into `target`, at its front, and returns how many; 0 only at the file's end. */
export type Read = (target: Uint8Array<ArrayBuffer>) => number;

/** Cuts and hashes one file at a time, in memory that is bounded and used again for the next. Make one for each worker. */
export interface Chunker {
  readonly implementation: Scanner["implementation"];

  /**
   * The chunks of a file that can be read synchronously, in order. `read` fills the chunker's memory and `hash` reads it
   * there, so that nothing is copied but what is left over at the buffer's end.
   * @throws RangeError when `read` returns no sensible count; Error when another file is still being cut.
   */
  cutSync(source: {
    read: Read;
    level: Level;
    hash: (bytes: Uint8Array<ArrayBuffer>) => ChunkHash;
  }): Generator<CutChunk, void, void>;

  /** The same for a file that arrives in pieces of any size. Its bytes are copied once. */
  cutStream(source: {
    pieces: AsyncIterable<Uint8Array>;
    level: Level;
    hash: (bytes: Uint8Array<ArrayBuffer>) => ChunkHash | Promise<ChunkHash>;
  }): AsyncGenerator<CutChunk, void, void>;
}

export function createChunker(scanner: Scanner = createScanner()): Chunker {
  let busy = false;

  /** Two files at once would share one buffer. Every generator releases at its end, also an early one. */
  function occupy(): void {
    if (busy) throw new Error("a chunker cuts one file at a time");
    busy = true;
  }

  return {
    implementation: scanner.implementation,

    *cutSync({ read, level, hash }) {
      occupy();
      try {
        const buffer = new ChunkBuffer({ level, scanner });
        let offset = 0;
        for (let count = -1; count !== 0;) {
          count = read(buffer.room());
          buffer.added(count);
          for (let bytes = buffer.takeChunk(); bytes !== undefined; bytes = buffer.takeChunk()) {
            const sizeBytes = bytes.length;
            yield { offset, sizeBytes, hash: hash(bytes), bytes };
            offset += sizeBytes;
          }
        }
      } finally {
        busy = false;
      }
    },

    async *cutStream({ pieces, level, hash }) {
      occupy();
      try {
        const buffer = new ChunkBuffer({ level, scanner });
        let offset = 0;
        for await (const count of copyInto(buffer, pieces)) {
          buffer.added(count);
          for (let bytes = buffer.takeChunk(); bytes !== undefined; bytes = buffer.takeChunk()) {
            const sizeBytes = bytes.length;
            yield { offset, sizeBytes, hash: await hash(bytes), bytes };
            offset += sizeBytes;
          }
        }
      } finally {
        busy = false;
      }
    },
  };
}

/** Copies the pieces into the buffer, as far as there is room; yields how many bytes each time, and a 0 in the end. */
async function* copyInto(buffer: ChunkBuffer, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<number, void, void> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const room = buffer.room();
      const part = piece.subarray(at, at + room.length);
      room.set(part);
      at += part.length;
      yield part.length;
    }
  }
  yield 0;
}
