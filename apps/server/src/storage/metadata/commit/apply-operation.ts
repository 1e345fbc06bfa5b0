import {
  isRootEntry,
  parseTimestamp,
  workspaceOfEntry,
  type CommitOperation,
  type EntryId,
  type VersionId,
} from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import type { ChangeSet } from "./change-set.ts";
import { checkNameFree, livingEntry, livingFolder, requireOrdinaryName, requireRoom, type Batch } from "./batch.ts";
import { checkStorage, contentOf, repeatedContent } from "./check-content.ts";
import { linkContent } from "./content.ts";
import { createEntry } from "./create-entry.ts";
import { Refusal } from "./refusal.ts";

type Operation<Name extends CommitOperation["op"]> = Extract<CommitOperation, { op: Name }>;

/** Applies one operation; answers the entry's state after it. @throws Refusal, with nothing changed */
export async function applyOperation(batch: Batch, operation: CommitOperation): Promise<EntryRow> {
  checkIds(batch.changes, operation);
  switch (operation.op) {
    case "create_file":
    case "create_folder":
    case "create_link":
      return await createEntry(batch, operation);
    case "edit_file":
      return editFile(batch, operation);
    case "merge_file":
      return mergeFile(batch, operation);
    case "edit_link":
      return editLink(batch, operation);
    case "touch":
      return touch(batch, operation);
    case "move":
      return move(batch, operation);
    case "delete":
      return await deleteEntry(batch, operation.id);
  }
}

/** Ids of other workspaces are unknown here, and the root stays what and where it is. */
function checkIds({ context }: ChangeSet, operation: CommitOperation): void {
  if (workspaceOfEntry(operation.id) !== context.workspaceId)
    throw new Refusal("not_found", "The entry is not of this workspace");
  if (isRootEntry(operation.id)) throw new Refusal("forbidden", "The root folder can't be changed");
  if ("conflict_of" in operation && operation.conflict_of !== undefined) {
    if (workspaceOfEntry(operation.conflict_of) !== context.workspaceId)
      throw new Refusal("not_found", "The original is not of this workspace");
  }
}

function editFile(batch: Batch, operation: Operation<"edit_file">): EntryRow {
  const row = currentVersion(batch, { ...operation, type: "file" });
  const content = contentOf(batch, operation.content);
  checkStorage(batch.changes, content);
  return batch.changes.change(row, "updated", content);
}

/** Two versions: what was merged with the latest one, from its own base, then the merge of both. [MD24] */
function mergeFile(batch: Batch, operation: Operation<"merge_file">): EntryRow {
  const { changes } = batch;
  const latest = currentVersion(batch, { ...operation, type: "file" });
  const [other, merge] = [contentOf(batch, operation.merged.content), contentOf(batch, operation.content)];
  checkStorage(changes, other, merge);
  const row = changes.change(latest, "updated", other, { base: operation.merged.base_version_id });
  return changes.change(row, "updated", merge, { base: latest.version_id, merged: row.version_id });
}

function editLink(batch: Batch, operation: Operation<"edit_link">): EntryRow {
  const row = currentVersion(batch, { ...operation, type: "link" });
  const modifiedMs = parseTimestamp(operation.modified);
  return batch.changes.change(row, "updated", linkContent({ target: operation.link_target, modifiedMs }));
}

function currentVersion(
  batch: Batch,
  edit: { readonly id: EntryId; readonly base_version_id: VersionId; readonly type: "file" | "link" },
): EntryRow {
  const row = livingEntry(batch.changes, edit.id);
  if (row.type !== edit.type) throw new Refusal("not_found", `There is no such ${edit.type}`);
  if (row.version_id !== edit.base_version_id)
    throw new Refusal("version_conflict", `The ${edit.type} has a newer version`, { current: row });
  return row;
}

function touch(batch: Batch, operation: Operation<"touch">): EntryRow {
  const row = livingEntry(batch.changes, operation.id);
  if (row.type === "folder") throw new Refusal("not_found", "A folder has no time and mode of its own");
  const modifiedMs = parseTimestamp(operation.modified);
  const executable = row.type === "file" && operation.executable;
  if (row.modified_ms === modifiedMs && row.executable === Number(executable)) return row;
  return batch.changes.change(row, "updated", repeatedContent(batch, row, { modifiedMs, executable }));
}

function move(batch: Batch, operation: Operation<"move">): EntryRow {
  const { tree } = batch.changes;
  const row = livingEntry(batch.changes, operation.id);
  const { parent_id: parentId, name } = operation;
  const conflictOf = operation.conflict_of ?? null;
  const isThere = row.parent_id === parentId && row.name === name;
  if (isThere && (conflictOf === null || conflictOf === row.conflict_of)) return row;
  if (!isThere && (row.parent_id !== operation.base_parent_id || row.name !== operation.base_name))
    throw new Refusal("place_conflict", "The entry is no longer where it was", { current: row });
  livingFolder(batch.changes, parentId);
  if (tree.isWithin(parentId, row.entry_id))
    throw new Refusal("cycle", "A folder can't be moved into itself", { current: row });
  requireOrdinaryName(batch.changes, { parentId, name });
  checkNameFree(batch.changes, { id: row.entry_id, parentId, name });
  if (parentId !== row.parent_id) requireRoom(batch, parentId);
  const mark = { conflict_of: conflictOf, conflict_base: (conflictOf && operation.conflict_base) ?? null };
  return batch.changes.change({ ...row, parent_id: parentId, name, ...mark }, "moved");
}

async function deleteEntry(batch: Batch, id: EntryId): Promise<EntryRow> {
  const { changes, changedSince } = batch;
  const row = changes.tree.find(id);
  if (!row) throw new Refusal("not_found", "There is no such entry");
  if (!changes.tree.isAlive(row)) return row;
  if (await changedSince.holds(id))
    throw new Refusal("changed_since", "Something in it changed meanwhile", { current: row });
  const { nowMs, author } = changes.context;
  return changes.change({ ...row, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
}
