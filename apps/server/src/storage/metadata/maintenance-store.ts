import type { ChunkHash, WorkspaceId } from "@satchel/protocol";

export interface PruneOutcome {
  readonly versions: number;
  readonly entries: number;
  readonly more: boolean;
}

/** A fault that a check found, with the workspace and a sentence for a person. */
export interface CheckProblem {
  readonly code: string;
  readonly workspaceId: WorkspaceId | null;
  readonly message: string;
}

export interface CheckReport {
  readonly problems: readonly CheckProblem[];
  /** How many of each thing were looked at: `workspaces`, `entries`, `versions`, `chunk_references`. */
  readonly checked: Readonly<Record<string, number>>;
}

/** Work that goes on behind: pruning what is past retention, giving up unreferenced chunks, checking. Each call is bounded, idempotent, and safe beside everything else. */
export interface MaintenanceStore {
  listWorkspaces(query: { after: WorkspaceId | undefined; limit: number }): Promise<WorkspaceId[]>;
  /** Removes versions that were superseded, and entries (with all below them) that were deleted, before `beforeMs`, and counts their chunks' references down. Moves the feed's horizon past pruned tombstones. At most `limit` of each. */
  prune(request: { workspaceId: WorkspaceId; beforeMs: number; limit: number }): Promise<PruneOutcome>;
  /** Removes old versions of files that have more than `keep` of them, the oldest first, however young they are, at most `limit`. Answers how many. */
  thinVersions(request: { workspaceId: WorkspaceId; keep: number; limit: number; nowMs: number }): Promise<number>;
  /** Takes chunks that no version refers to, and that were granted or promised before `beforeMs`, off the workspace's ledger. */
  releaseChunks(request: { workspaceId: WorkspaceId; beforeMs: number; limit: number }): Promise<number>;
  /** Which of these does no workspace hold? (The collector asks, across all workspaces.) */
  findUnheld(hashes: readonly ChunkHash[]): Promise<ChunkHash[]>;
  /** Drops idempotency records, join codes and refresh tokens that are past their time. */
  dropExpired(request: { nowMs: number; idempotencyBeforeMs: number }): Promise<void>;
  /** Reference counts, quotas, tree without cycle or orphan, sequences within the head, one living entry a name, manifests that fit their hashes and sizes. Read only. */
  check(workspaceId: WorkspaceId): Promise<CheckReport>;
  /** Distinct chunks that the workspace holds with their sizes, in hash order, for `admin check` to compare with the chunk store. */
  listHeldChunks(query: {
    workspaceId: WorkspaceId;
    after: ChunkHash | undefined;
    limit: number;
  }): Promise<{ hash: ChunkHash; sizeBytes: number; references: number }[]>;
}
