import type { WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkBytes } from "../../storage/chunks/chunk-store.ts";

/** From so many bytes on it is always asked which of them the workspace holds already. Fewer are written again sooner than that is answered. */
const minAskedBytes = 64 * 1024;
/** What a chunk takes beside its bytes: the head of its record, and its row in the index. */
const recordBytes = 256;
/** How much a workspace may bring unasked in each window: many small edits, and little of a disk. */
export const maxUnaskedBytes = 8 * 1024 * 1024;
export const unaskedWindowMs = 3_600_000;
/** Workspaces whose bytes are counted in a window; beyond, it is asked. */
const maxWorkspaces = 10_000;

/** Few bytes are written without asking whether the workspace has them already, within bounds: bringing the same again and again must not fill the disk. */
export interface UnaskedBytes {
  /** May these be written unasked? They count, if so. Depends on nothing but what the workspace brought itself. */
  take(workspaceId: WorkspaceId, chunks: readonly ChunkBytes[]): boolean;
}

export function createUnaskedBytes(host: Pick<Host, "nowMs">): UnaskedBytes {
  const taken = new Map<WorkspaceId, number>();
  let sinceMs = host.nowMs();
  return {
    take(workspaceId, chunks) {
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length + recordBytes, 0);
      if (bytes >= minAskedBytes) return false;
      if (Math.abs(host.nowMs() - sinceMs) >= unaskedWindowMs) {
        taken.clear();
        sinceMs = host.nowMs();
      }
      const before = taken.get(workspaceId);
      if (before === undefined && taken.size >= maxWorkspaces) return false;
      const after = (before ?? 0) + bytes;
      if (after > maxUnaskedBytes) return false;
      taken.set(workspaceId, after);
      return true;
    },
  };
}
