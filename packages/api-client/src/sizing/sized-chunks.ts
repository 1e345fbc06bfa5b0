import type { ChunkHash } from "@satchel/protocol";
import { OfflineError } from "../transport/transport.ts";
import type { ChunkCalls } from "../requests/chunk-calls.ts";
import type { ChunkPartCalls } from "../requests/chunk-part-calls.ts";
import type { DirectChunks } from "./direct-chunks.ts";
import { createSizedRequests } from "./sized-requests.ts";
import type { ChunkWay, SizedRequests, SizedRequestsOptions } from "./sized-requests.ts";

export interface SizedChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

type FullChunk = SizedChunk & { readonly bytes: Uint8Array };

/** Chunks in requests as large as the way to the server carries: many in one, or one in many. Each request is repeated as the policy says. */
export interface SizedChunks {
  upload(chunks: readonly FullChunk[]): Promise<void>;
  /** In order, not yet verified; views on `into` where that is given, has room, and one request is enough. */
  download(chunks: readonly SizedChunk[], into?: Uint8Array): Promise<Uint8Array[]>;
  /** How many bytes a request of another kind may carry at the moment. */
  readonly uploadBytes: number;
  /** A request of another kind, of so many bytes: measured, not repeated. */
  measured<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

type Way = ChunkWay<Pick<ChunkCalls, "uploadBundle" | "downloadBundle"> & ChunkPartCalls, SizedChunk>;

/** The most chunks in one request. */
const maxChunksInRequest = 1024;
/** So often a server may forget the beginning of a chunk before it is given up: it has no room for unfinished ones. */
const maxRestarts = 8;

export interface SizedChunksOptions extends Way, SizedRequestsOptions {
  /** The way past the server, tried first. Left out: everything goes through it. */
  readonly direct?: DirectChunks;
}

export function createSizedChunks(options: SizedChunksOptions): SizedChunks {
  const [up, down] = [createSizedRequests("up", options), createSizedRequests("down", options)];
  const { direct } = options;
  return {
    async upload(chunks) {
      await upload(options, up, direct ? await direct.upload(chunks, up.bytes) : chunks);
    },
    async download(chunks, into) {
      const fetched = direct && (await direct.download(chunks, down.bytes));
      if (!fetched || fetched.size === 0) return download(options, down, { chunks, into });
      const rest = chunks.filter(({ hash }) => !fetched.has(hash));
      const through = (await download(options, down, { chunks: rest, into })).values();
      return chunks.map(({ hash }) => fetched.get(hash) ?? (through.next().value as Uint8Array));
    },
    get uploadBytes() {
      return up.bytes;
    },
    measured: (bytes, work) => up.measured(bytes, work),
  };
}

async function upload(way: Way, up: SizedRequests, chunks: readonly FullChunk[]): Promise<void> {
  for (let at = 0; at < chunks.length;) {
    const [first] = chunks.slice(at, at + 1);
    if (first && first.sizeBytes > up.bytes) {
      await uploadInParts(way, up, first);
      at += 1;
      continue;
    }
    at += await up.patiently(async () => {
      const group = takeGroup(chunks, at, up.bytes);
      const bundle = { workspaceId: way.workspaceId, chunks: way.pack(group), pieces: group.map(({ bytes }) => bytes) };
      await up.measured(sum(group), () => way.calls.uploadBundle(bundle));
      return group.length;
    });
  }
}

async function uploadInParts({ workspaceId, calls }: Way, up: SizedRequests, chunk: FullChunk): Promise<void> {
  let offset = 0;
  let restarts = 0;
  for (let stored = false; !stored;) {
    const answer = await up.patiently(() => {
      const bytes = chunk.bytes.subarray(offset, offset + up.bytes);
      const part = { workspaceId, hash: chunk.hash, size: chunk.sizeBytes, offset };
      return up.measured(bytes.length, () => calls.uploadPart({ ...part, bytes }));
    });
    if (answer.received < offset) restarts += 1;
    if (restarts > maxRestarts) throw new OfflineError("the server keeps no unfinished chunks at the moment");
    offset = answer.received;
    stored = answer.stored;
  }
}

async function download(
  way: Way,
  down: SizedRequests,
  { chunks, into }: { chunks: readonly SizedChunk[]; into: Uint8Array | undefined },
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  while (all.length < chunks.length) {
    const [first] = chunks.slice(all.length, all.length + 1);
    if (first && first.sizeBytes > down.bytes) {
      all.push(await downloadInParts(way, down, first));
      continue;
    }
    const pieces = await down.patiently(() => {
      const group = takeGroup(chunks, all.length, down.bytes);
      // Memory that is lent can hold one answer only.
      const lent = into !== undefined && group.length === chunks.length ? { into } : {};
      const bundle = { workspaceId: way.workspaceId, chunks: way.pack(group), ...lent };
      return down.measured(sum(group), () => way.calls.downloadBundle(bundle));
    });
    all.push(...pieces);
  }
  return all;
}

async function downloadInParts(
  { workspaceId, calls }: Way,
  down: SizedRequests,
  { hash, sizeBytes }: SizedChunk,
): Promise<Uint8Array> {
  const whole = new Uint8Array(sizeBytes);
  for (let offset = 0; offset < sizeBytes;) {
    const bytes = await down.patiently(() => {
      const length = Math.min(down.bytes, sizeBytes - offset);
      const part = { workspaceId, hash, size: sizeBytes, offset, length };
      return down.measured(length, () => calls.downloadPart(part));
    });
    whole.set(bytes, offset);
    offset += bytes.length;
  }
  return whole;
}

/** As many as fit, at least one. */
function takeGroup<T extends SizedChunk>(chunks: readonly T[], from: number, maxBytes: number): T[] {
  const group: T[] = [];
  let bytes = 0;
  for (const chunk of chunks.slice(from, from + maxChunksInRequest)) {
    if (group.length > 0 && bytes + chunk.sizeBytes > maxBytes) break;
    group.push(chunk);
    bytes += chunk.sizeBytes;
  }
  return group;
}

function sum(chunks: readonly SizedChunk[]): number {
  return chunks.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
