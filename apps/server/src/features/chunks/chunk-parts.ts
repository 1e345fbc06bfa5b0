import type { ManifestChunk } from "@satchel/chunking";
import { ProblemError, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkTransfer } from "./chunk-transfer.ts";

/** Chunks that arrive in parts, for callers whose way to the server carries no request as large as a chunk. */
export interface ChunkParts {
  /**
   * Takes the bytes from `offsetBytes` on. What came before is kept in memory only, for {@link partIdleMs} at least unless too many are under way:
   * whoever is told less than they sent goes on from there. Stored means durable and held by the workspace.
   * @throws hash_mismatch when the whole is not the chunk; bad_request when the part exceeds it
   */
  add(workspaceId: WorkspaceId, chunk: ManifestChunk, part: ChunkPart): Promise<PartOutcome>;
}

export interface ChunkPart {
  readonly offsetBytes: number;
  readonly bytes: Uint8Array;
}

export interface PartOutcome {
  /** How many bytes from the start are here. */
  readonly receivedBytes: number;
  readonly stored: boolean;
}

/** Unfinished chunks that are kept, each of 4 MiB at most: of all workspaces, and of one. The least recently used go first. */
export const maxUnfinished = 32;
export const maxUnfinishedOfWorkspace = 6;
/** An unfinished chunk that nobody added to for this long goes. */
export const partIdleMs = 10 * 60 * 1000;

interface Unfinished {
  readonly workspaceId: WorkspaceId;
  readonly whole: Uint8Array;
  receivedBytes: number;
  usedAtMs: number;
}

/** None under way yet. */
export function createChunkParts({ transfer, host }: { transfer: ChunkTransfer; host: Host }): ChunkParts {
  // In the order of their last use.
  const unfinished = new Map<string, Unfinished>();

  const dropOldest = (matches: (one: Unfinished) => boolean, atMost: number): void => {
    const matching = [...unfinished].filter(([, one]) => matches(one));
    for (const [key] of matching.slice(0, Math.max(0, matching.length - atMost))) unfinished.delete(key);
  };
  const makeRoom = (workspaceId: WorkspaceId): void => {
    dropOldest(({ usedAtMs }) => Math.abs(host.nowMs() - usedAtMs) > partIdleMs, 0);
    dropOldest((one) => one.workspaceId === workspaceId, maxUnfinishedOfWorkspace - 1);
    dropOldest(() => true, maxUnfinished - 1);
  };

  return {
    async add(workspaceId, chunk, { offsetBytes, bytes }) {
      const key = `${workspaceId} ${chunk.hash} ${chunk.sizeBytes}`;
      let one = unfinished.get(key);
      if (one === undefined) {
        // The last part is repeated when its answer was lost: the chunk is whole by then.
        const missing = await transfer.findMissing(workspaceId, [chunk]);
        if (missing.length === 0) return { receivedBytes: chunk.sizeBytes, stored: true };
        one = unfinished.get(key);
      }
      if (one === undefined) {
        if (offsetBytes > 0) return { receivedBytes: 0, stored: false };
        makeRoom(workspaceId);
        one = { workspaceId, whole: new Uint8Array(chunk.sizeBytes), receivedBytes: 0, usedAtMs: 0 };
      }
      unfinished.delete(key);
      unfinished.set(key, one);
      one.usedAtMs = host.nowMs();
      if (offsetBytes <= one.receivedBytes) {
        one.whole.set(bytes, offsetBytes);
        one.receivedBytes = Math.max(one.receivedBytes, offsetBytes + bytes.length);
      }
      if (one.receivedBytes < chunk.sizeBytes) return { receivedBytes: one.receivedBytes, stored: false };
      try {
        // A copy: the store may keep what it is given, and a store that fails is asked again with the last part.
        await transfer.store(workspaceId, [{ hash: chunk.hash, bytes: one.whole.slice() }]);
      } catch (error) {
        if (error instanceof ProblemError && error.code === "hash_mismatch") unfinished.delete(key);
        throw error;
      }
      unfinished.delete(key);
      return { receivedBytes: chunk.sizeBytes, stored: true };
    },
  };
}
