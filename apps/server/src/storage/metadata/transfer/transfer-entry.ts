import {
  idPartBytes,
  isRootEntry,
  makeEntryId,
  ProblemError,
  workspaceOfEntry,
  type EntryId,
  type WorkspaceId,
} from "@satchel/protocol";
import { maxDepth, checkNameFree, livingFolder, requireOrdinaryName, requireRoom } from "../commit/batch.ts";
import { ChangeSet, type RandomBytes } from "../commit/change-set.ts";
import { describeChanges } from "../commit/describe-changes.ts";
import type { FolderSizes } from "../commit/folder-sizes.ts";
import { findAnswer, keepAnswer } from "../commit/idempotency.ts";
import { Refusal } from "../commit/refusal.ts";
import { effectiveQuota } from "../ledger/effective-quota.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { lockWorkspace, readWorkspace, type WorkspaceRow } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { TransferCommand, TransferOutcome } from "../tree-store.ts";
import { bringVersions } from "./bring-versions.ts";
import { livingBelow } from "./living-below.ts";

interface Parts {
  readonly randomBytes: RandomBytes;
  readonly folderSizes: FolderSizes;
}

/** See TreeStore.transfer. */
export async function transferEntry(
  session: SqlSession,
  command: TransferCommand,
  parts: Parts,
): Promise<TransferOutcome> {
  const { id, parentId, author, nowMs } = command;
  const [from, to] = [workspaceOfEntry(id), workspaceOfEntry(parentId)];
  if (from === to || isRootEntry(id))
    throw new ProblemError("bad_request", "This is for what goes from one workspace into another");
  const [source, target] = await lockBoth(session, from, to);
  const repeatable = { workspaceId: to, author, idempotency: command.idempotency, nowMs };
  const answer = await findAnswer<Pick<TransferOutcome, "id" | "path">>(session, repeatable);
  if (answer) return { ...answer, brought: undefined, removed: undefined };

  const common = { session, author, nowMs, randomBytes: parts.randomBytes };
  const leaving = new ChangeSet({ ...common, workspaceId: from, workspace: source });
  const quota = await effectiveQuota(session, to, { workspace: target, lock: true });
  const coming = new ChangeSet({ ...common, workspaceId: to, workspace: { ...target, quota_bytes: quota } });
  const row = await requireMovable(leaving, id);
  const { entries, depth } = await livingBelow(session, row);
  await requirePlace(coming, command, depth, parts.folderSizes);
  const newId = await bring(leaving, coming, entries, command);
  leaving.change({ ...row, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
  await coming.finish();
  await leaving.finish();
  const told = { id: newId, path: coming.tree.pathOf(coming.tree.find(newId) ?? row) };
  await keepAnswer(session, repeatable, told);
  return { ...told, brought: await outcomeOf(coming), removed: await outcomeOf(leaving) };
}

/**
 * Locks both workspaces, and the root folder at which the limit of the target's owner stands: always in one order, shared folders before root folders as whoever commits does, so that nobody waits for somebody who waits for them.
 * @throws not_found
 */
async function lockBoth(
  session: SqlSession,
  from: WorkspaceId,
  to: WorkspaceId,
): Promise<readonly [WorkspaceRow, WorkspaceRow]> {
  const [{ root_workspace_id: sourceRoot }, { root_workspace_id: targetRoot }] = [
    await readWorkspace(session, from),
    await readWorkspace(session, to),
  ];
  const roots = new Set([sourceRoot, targetRoot]);
  const wanted = new Set([from, to, targetRoot ?? to]);
  const shared = [...wanted].filter((id) => !roots.has(id));
  const locked = new Map<WorkspaceId, WorkspaceRow>();
  for (const id of [...shared.toSorted(), ...[...wanted].filter((each) => roots.has(each)).toSorted()])
    locked.set(id, await lockWorkspace(session, id));
  const [source, target] = [locked.get(from), locked.get(to)];
  if (!source || !target) throw new Error("a workspace was not locked");
  return [source, target];
}

async function requireMovable({ tree }: ChangeSet, id: EntryId): Promise<EntryRow> {
  await tree.load([id]);
  const row = tree.findAlive(id);
  if (!row) throw new ProblemError("not_found", "There is no such entry");
  if (row.mounts !== null) throw new ProblemError("share_nested", "A shared folder can't lie in another one");
  return row;
}

/** @throws ProblemError as a commit refuses a new entry there */
async function requirePlace(
  coming: ChangeSet,
  { parentId, name }: TransferCommand,
  depth: number,
  folderSizes: FolderSizes,
): Promise<void> {
  const { session, workspaceId } = coming.context;
  await coming.tree.load([parentId]);
  await coming.tree.loadHolders([{ parentId, name }]);
  await folderSizes.load(session, workspaceId, [parentId]);
  try {
    const folder = livingFolder(coming, parentId);
    requireOrdinaryName(coming, { parentId, name });
    checkNameFree(coming, { id: parentId, parentId, name });
    requireRoom({ changes: coming, folderSizes }, parentId);
    if (coming.tree.lineOf(folder).length + depth > maxDepth)
      throw new Refusal("limit_exceeded", `Folders may lie ${maxDepth} deep in one another, and no deeper`);
  } catch (error) {
    throw error instanceof Refusal ? new ProblemError(error.code, error.message) : error;
  }
}

/** Makes the entries anew, parents before their children; answers the id of the first. */
async function bring(
  leaving: ChangeSet,
  coming: ChangeSet,
  entries: readonly EntryRow[],
  { parentId, name }: TransferCommand,
): Promise<EntryId> {
  const { workspaceId, randomBytes, workspace } = coming.context;
  const ids = new Map(entries.map((row) => [row.entry_id, makeEntryId(workspaceId, randomBytes(idPartBytes))]));
  await coming.tree.load(ids.values());
  const versions = await bringVersions(leaving, coming, entries, ids);
  const { quota_bytes: quotaBytes } = workspace;
  if (quotaBytes !== null && coming.usedBytes > Math.max(quotaBytes, workspace.used_bytes))
    throw new ProblemError("quota_exceeded", "There is not enough room for this, with its versions, over there");
  for (const [index, row] of entries.entries()) {
    const place =
      index === 0
        ? { parent_id: parentId, name }
        : { parent_id: ids.get(row.parent_id ?? row.entry_id) ?? parentId, name: row.name };
    // A conflicted copy whose original stays behind is an ordinary file.
    const original = row.conflict_of === null ? undefined : ids.get(row.conflict_of);
    const base = row.conflict_base === null ? undefined : versions.get(row.conflict_base);
    const entry_id = ids.get(row.entry_id);
    if (entry_id === undefined) throw new Error(`entry ${row.entry_id} has no new id`);
    coming.change(
      {
        ...row,
        ...place,
        entry_id,
        version_id: row.version_id === null ? null : (versions.get(row.version_id) ?? null),
        conflict_of: original ?? null,
        conflict_base: original === undefined ? null : (base ?? null),
      },
      "created",
    );
  }
  const [first] = ids.values();
  return first ?? parentId;
}

async function outcomeOf(changes: ChangeSet): Promise<NonNullable<TransferOutcome["brought"]>> {
  return { before: changes.before, after: changes.after, changes: await describeChanges(changes) };
}
