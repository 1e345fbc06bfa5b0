import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import { retry } from "../retry/retry.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";
import { OfflineError } from "../transport/transport.ts";
import type { ChunkCalls } from "../requests/chunk-calls.ts";
import type { ChunkPartCalls } from "../requests/chunk-part-calls.ts";
import type { TransferRates } from "../limit/limited-transport.ts";
import { maxRequestBytes, RequestSize } from "./request-size.ts";

export interface SizedChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

/** Chunks in requests as large as the way to the server carries: many in one, or one in many. Each request is repeated as the policy says. */
export interface SizedChunks {
  upload(chunks: readonly (SizedChunk & { readonly bytes: Uint8Array })[]): Promise<void>;
  /** In order, not yet verified; views on `into` where that is given, has room, and one request is enough. */
  download(chunks: readonly SizedChunk[], into?: Uint8Array): Promise<Uint8Array[]>;
  /** How many bytes a request of another kind may carry at the moment. */
  readonly uploadBytes: number;
  /** A request of another kind, of so many bytes: measured, not repeated. */
  measured<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

export interface SizedChunksOptions {
  readonly workspaceId: WorkspaceId;
  readonly calls: Pick<ChunkCalls, "uploadBundle" | "downloadBundle"> & ChunkPartCalls;
  readonly pack: (chunks: readonly SizedChunk[]) => string;
  readonly timing: Timing;
  readonly policy: RetryPolicy;
  /** Where a person limits the rate, a request carries no more than passes in a second. Default: no limit. */
  readonly rates?: (() => TransferRates) | undefined;
}

/** The most chunks in one request. */
const maxChunksInRequest = 1024;
/** So often a server may forget the beginning of a chunk before it is given up: it has no room for unfinished ones. */
const maxRestarts = 8;

export function createSizedChunks(options: SizedChunksOptions): SizedChunks {
  const { workspaceId, calls, pack, timing, policy, rates } = options;
  const up = new RequestSize(() => rates?.().up ?? maxRequestBytes);
  const down = new RequestSize(() => rates?.().down ?? maxRequestBytes);

  async function measured<T>(size: RequestSize, bytes: number, work: () => Promise<T>): Promise<T> {
    const startedMs = timing.nowMs();
    try {
      const answer = await work();
      size.done(bytes, timing.nowMs() - startedMs);
      return answer;
    } catch (error) {
      if (error instanceof OfflineError) size.cut(bytes, timing.nowMs() - startedMs);
      if (!isTooLarge(error) || !size.tooLarge(bytes)) throw error;
      throw new OfflineError("something on the way to the server refuses requests of this size", { cause: error });
    }
  }
  /** Repeats a step, which looks anew each time at how large a request may be. */
  const patiently = <T>(step: () => Promise<T>): Promise<T> => retry(step, { policy, timing });

  async function uploadInParts(chunk: SizedChunk & { readonly bytes: Uint8Array }): Promise<void> {
    let offset = 0;
    let restarts = 0;
    for (let stored = false; !stored;) {
      const answer = await patiently(() => {
        const bytes = chunk.bytes.subarray(offset, offset + up.bytes);
        const part = { workspaceId, hash: chunk.hash, size: chunk.sizeBytes, offset };
        return measured(up, bytes.length, () => calls.uploadPart({ ...part, bytes }));
      });
      if (answer.received < offset) restarts += 1;
      if (restarts > maxRestarts) throw new OfflineError("the server keeps no unfinished chunks at the moment");
      offset = answer.received;
      stored = answer.stored;
    }
  }

  async function downloadInParts({ hash, sizeBytes }: SizedChunk): Promise<Uint8Array> {
    const whole = new Uint8Array(sizeBytes);
    for (let offset = 0; offset < sizeBytes;) {
      const bytes = await patiently(() => {
        const length = Math.min(down.bytes, sizeBytes - offset);
        const part = { workspaceId, hash, size: sizeBytes, offset, length };
        return measured(down, length, () => calls.downloadPart(part));
      });
      whole.set(bytes, offset);
      offset += bytes.length;
    }
    return whole;
  }

  return {
    async upload(chunks) {
      for (let at = 0; at < chunks.length;) {
        const [first] = chunks.slice(at, at + 1);
        if (first && first.sizeBytes > up.bytes) {
          await uploadInParts(first);
          at += 1;
          continue;
        }
        at += await patiently(async () => {
          const group = takeGroup(chunks, at, up.bytes);
          const bundle = { workspaceId, chunks: pack(group), pieces: group.map(({ bytes }) => bytes) };
          await measured(up, sum(group), () => calls.uploadBundle(bundle));
          return group.length;
        });
      }
    },
    async download(chunks, into) {
      const all: Uint8Array[] = [];
      while (all.length < chunks.length) {
        const [first] = chunks.slice(all.length, all.length + 1);
        if (first && first.sizeBytes > down.bytes) {
          all.push(await downloadInParts(first));
          continue;
        }
        const pieces = await patiently(() => {
          const group = takeGroup(chunks, all.length, down.bytes);
          // Memory that is lent can hold one answer only.
          const lent = into !== undefined && group.length === chunks.length ? { into } : {};
          return measured(down, sum(group), () => calls.downloadBundle({ workspaceId, chunks: pack(group), ...lent }));
        });
        all.push(...pieces);
      }
      return all;
    },
    get uploadBytes() {
      return up.bytes;
    },
    measured: (bytes, work) => measured(up, bytes, work),
  };
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

function isTooLarge(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "body_too_large";
}
