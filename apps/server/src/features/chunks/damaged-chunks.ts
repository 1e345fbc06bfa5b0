import type { ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";

/** Chunks that turned out to be damaged in the store, until somebody brought them again. */
export interface DamagedChunks {
  has(hash: ChunkHash): boolean;
  add(hash: ChunkHash): void;
  /** Asks the devices of a workspace for those of the chunks that are damaged, each once in {@link askAgainMs}. */
  askFor(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): void;
  /** They were brought. */
  remove(hashes: readonly ChunkHash[]): void;
}

/** So many are kept in mind; what is forgotten is found again by whoever reads it. */
const maxDamaged = 10_000;
/** The most chunks in one question to the devices. */
const maxAskedFor = 64;
/** A device that has a chunk may just be away. */
export const askAgainMs = 30_000;

/** None known yet: a store remembers its own, and tells whoever reads one. */
export function createDamagedChunks({ bus, host }: { bus: Bus; host: Host }): DamagedChunks {
  const askedAtMs = new Map<ChunkHash, number>();
  return {
    has: (hash) => askedAtMs.has(hash),
    add(hash) {
      if (askedAtMs.has(hash)) return;
      if (askedAtMs.size >= maxDamaged) askedAtMs.clear();
      askedAtMs.set(hash, Number.NEGATIVE_INFINITY);
    },
    askFor(workspaceId, chunks) {
      const nowMs = host.nowMs();
      const isDue = ({ hash }: ManifestChunk): boolean => {
        const lastMs = askedAtMs.get(hash);
        return lastMs !== undefined && Math.abs(nowMs - lastMs) >= askAgainMs;
      };
      const wanted = chunks.filter(isDue).slice(0, maxAskedFor);
      if (wanted.length === 0) return;
      for (const { hash } of wanted) askedAtMs.set(hash, nowMs);
      bus.publish({ kind: "chunks_wanted", workspaceId, chunks: wanted });
    },
    remove(hashes) {
      if (askedAtMs.size > 0) for (const hash of hashes) askedAtMs.delete(hash);
    },
  };
}
