import type { WorkspaceId } from "@satchel/protocol";
import type { FeedPosition } from "./tree-store.ts";

/** A commit that nobody is known to have been told of. */
export interface UnsentCommit {
  readonly workspaceId: WorkspaceId;
  readonly before: FeedPosition;
  readonly after: FeedPosition;
}

/**
 * Which commits the bus has yet to be told of. A commit is noted in its own transaction, so that none is forgotten when the process that made it dies before it told; only on databases that several servers share.
 */
export interface OutboxStore {
  /** Noted at or before `madeBeforeMs`, by workspace, and in each in the order of the feed. */
  list(query: { readonly madeBeforeMs: number; readonly limit: number }): Promise<UnsentCommit[]>;
  /** They were told: everything in a workspace that ended at these sequences. */
  forget(told: readonly { readonly workspaceId: WorkspaceId; readonly sequence: number }[]): Promise<void>;
}
