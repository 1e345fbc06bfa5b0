import { hash as digest } from "node:crypto";
import type { PlacedChunk } from "../../metadata/chunk-place-store.ts";
import { decompressChunk } from "../disk/compress-chunk.ts";
import type { ObjectRange, ObjectStore } from "./object-store.ts";

/** Chunks that lie this close together are read in one request, with what lies between them. */
const maxGapBytes = 64 * 1024;
/** A longer stretch is read in several requests, beside each other. */
const maxStretchBytes = 8 * 1024 * 1024;
/** Requests of one call that run beside each other. */
const maxRequests = 8;

/** What became of one chunk: its plaintext, `absent` where its object is gone, `damaged` where the bytes are not the chunk's. */
export type ReadOutcome = Uint8Array | "absent" | "damaged";

interface Stretch extends ObjectRange {
  readonly chunks: readonly PlacedChunk[];
}

/** Reads and verifies chunks, each once. @throws ObjectStoreError */
export async function readChunks(
  store: ObjectStore,
  chunks: readonly PlacedChunk[],
): Promise<Map<PlacedChunk["hash"], ReadOutcome>> {
  const outcomes = new Map<PlacedChunk["hash"], ReadOutcome>();
  const waiting = stretches(chunks);
  const read = async (): Promise<void> => {
    for (let stretch = waiting.shift(); stretch; stretch = waiting.shift()) {
      const bytes = await store.get(stretch);
      for (const chunk of stretch.chunks) outcomes.set(chunk.hash, open(chunk, bytes, stretch.offset));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxRequests, waiting.length) }, read));
  return outcomes;
}

function open(chunk: PlacedChunk, bytes: Uint8Array | undefined, from: number): ReadOutcome {
  if (bytes === undefined) return "absent";
  const stored = bytes.subarray(chunk.offset - from, chunk.offset - from + chunk.storedBytes);
  const plain = chunk.isCompressed ? tryDecompress(stored, chunk.plainBytes) : stored.slice();
  return plain !== undefined && digest("sha256", plain, "hex") === chunk.hash ? plain : "damaged";
}

function tryDecompress(stored: Uint8Array, plainBytes: number): Uint8Array | undefined {
  try {
    return decompressChunk(stored, plainBytes);
  } catch {
    return undefined;
  }
}

/** What lies together, in as few requests as may be. */
function stretches(chunks: readonly PlacedChunk[]): Stretch[] {
  const ordered = chunks.toSorted((a, b) =>
    a.objectKey === b.objectKey ? a.offset - b.offset : a.objectKey < b.objectKey ? -1 : 1,
  );
  const found: { key: string; offset: number; length: number; chunks: PlacedChunk[] }[] = [];
  for (const chunk of ordered) {
    const last = found.at(-1);
    const end = chunk.offset + chunk.storedBytes;
    const isNear = last?.key === chunk.objectKey && chunk.offset - (last.offset + last.length) <= maxGapBytes;
    if (last && isNear && end - last.offset <= maxStretchBytes) {
      last.chunks.push(chunk);
      last.length = Math.max(last.length, end - last.offset);
    } else found.push({ key: chunk.objectKey, offset: chunk.offset, length: chunk.storedBytes, chunks: [chunk] });
  }
  return found;
}
