import { ProblemError, type CommitOperation, type CommitResult, type EntryState } from "@satchel/protocol";
import { effectiveQuota } from "../ledger/effective-quota.ts";
import { isHeld } from "../live/sql-live-store.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { CommitBatch, CommitOutcome } from "../tree-store.ts";
import { applyOperation } from "./apply-operation.ts";
import { attachManifests } from "./attach-manifests.ts";
import type { Batch } from "./batch.ts";
import { ChangeSet, type RandomBytes } from "./change-set.ts";
import { ChangedSince } from "./changed-since.ts";
import { describeChanges } from "./describe-changes.ts";
import type { FolderSizes } from "./folder-sizes.ts";
import { findAnswer, keepAnswer } from "./idempotency.ts";
import { loadBatch } from "./load-batch.ts";
import { Refusal } from "./refusal.ts";

/**
 * Applies a batch within the transaction: everything that its operations look at is loaded by a few statements, the operations are judged and applied in memory one after the other, and
 * what changed is written by a few statements. So the cost in statements is the same for one operation and a thousand.
 */
export async function commitBatch(
  session: SqlSession,
  batch: CommitBatch,
  { randomBytes, folderSizes }: { readonly randomBytes: RandomBytes; readonly folderSizes: FolderSizes },
): Promise<CommitOutcome> {
  const { workspaceId, author, nowMs } = batch;
  const locked = await lockWorkspace(session, workspaceId);
  const answer = await findAnswer<Omit<CommitOutcome, "changes">>(session, batch);
  if (answer) return { ...answer, changes: [] };
  if (batch.heldBy && !(await isHeld(session, batch.heldBy)))
    throw new ProblemError("unavailable", "another process of the server has this session by now");

  const needsRoom = batch.operations.some((operation) => "content" in operation);
  const workspace = needsRoom
    ? { ...locked, quota_bytes: await effectiveQuota(session, workspaceId, { workspace: locked, lock: true }) }
    : locked;
  const changes = new ChangeSet({ session, workspaceId, workspace, author, nowMs, randomBytes });
  if (batch.granted && batch.granted.length > 0) await changes.chunks.grant(batch.granted, nowMs);
  const loaded = await loadBatch(changes, batch.operations);
  const parents = batch.operations.flatMap((operation) => ("parent_id" in operation ? [operation.parent_id] : []));
  await folderSizes.load(session, workspaceId, parents);
  const working: Batch = { ...loaded, changes, folderSizes, changedSince: new ChangedSince(changes, batch) };
  const told: { state: EntryState; row: EntryRow }[] = [];
  const results: CommitResult[] = [];
  for (const operation of batch.operations) results.push(await resultOf(working, operation, told));
  await changes.finish();
  await attachManifests(changes, told);
  const outcome = { results, before: changes.before, after: changes.after };
  await keepAnswer(session, batch, outcome);
  return { ...outcome, changes: await describeChanges(changes) };
}

async function resultOf(
  batch: Batch,
  operation: CommitOperation,
  told: { state: EntryState; row: EntryRow }[],
): Promise<CommitResult> {
  try {
    const row = await applyOperation(batch, operation);
    const merged = row.version_id === null ? undefined : batch.changes.findMerged(row.version_id);
    const done = { status: "done", sequence: row.sequence, version_id: row.version_id } as const;
    return merged === undefined || operation.op !== "merge_file" ? done : { ...done, merged_version_id: merged };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const result: CommitResult = { status: "failed", code: error.code, detail: error.message };
    if (error.current) {
      result.current = batch.changes.tree.describe(error.current);
      told.push({ state: result.current, row: error.current });
    }
    if (error.missingBytes !== undefined) result.missing_bytes = error.missingBytes;
    if (error.missingChunks) result.missing_chunk_hashes = [...error.missingChunks];
    return result;
  }
}
