import { ProblemError, type WorkspaceId } from "@satchel/protocol";
import type { FeedPosition, TreeStore } from "../../storage/metadata/tree-store.ts";

const maxRememberedHeads = 10_000;

/**
 * Remembers how far each workspace's feed has come at least, so that a cursor that comes with a commit is checked without asking the
 * database. Heads only move forward under one epoch, which makes an outdated memory harmless.
 */
export interface KnownHeads {
  learn(workspaceId: WorkspaceId, head: FeedPosition): void;
  /** @throws cursor_expired for a cursor of another epoch; cursor_ahead when it lies beyond the head; not_found */
  requireReached(workspaceId: WorkspaceId, position: FeedPosition): Promise<void>;
}

export function createKnownHeads(tree: TreeStore): KnownHeads {
  const heads = new Map<WorkspaceId, FeedPosition>();

  function learn(workspaceId: WorkspaceId, head: FeedPosition): void {
    const known = heads.get(workspaceId);
    if (known && known.epoch === head.epoch && known.sequence > head.sequence) return;
    heads.delete(workspaceId);
    heads.set(workspaceId, head);
    const oldest = heads.keys().next();
    if (heads.size > maxRememberedHeads && !oldest.done) heads.delete(oldest.value);
  }

  return {
    learn,
    async requireReached(workspaceId, position) {
      const known = heads.get(workspaceId);
      if (known && known.epoch === position.epoch && known.sequence >= position.sequence) return;
      const head = await tree.head(workspaceId);
      learn(workspaceId, head);
      checkPosition(position, head);
    },
  };
}

/** @throws cursor_expired for a position of another epoch; cursor_ahead when it lies beyond the head. */
export function checkPosition(position: FeedPosition, head: FeedPosition): void {
  if (position.epoch !== head.epoch)
    throw new ProblemError("cursor_expired", "the cursor is from before the server was restored");
  if (position.sequence > head.sequence) throw new ProblemError("cursor_ahead");
}
