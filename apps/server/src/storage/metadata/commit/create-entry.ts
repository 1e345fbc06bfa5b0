import { parseTimestamp, type CommitOperation, type EntryId, type EntryType } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import { checkNameFree, livingFolder, requireOrdinaryName, requireRoom, type Batch } from "./batch.ts";
import type { ChangeSet } from "./change-set.ts";
import { checkStorage, contentOf } from "./check-content.ts";
import { linkContent, type VersionContent } from "./content.ts";
import { deleteChildren } from "./delete-children.ts";
import { Refusal } from "./refusal.ts";

type CreateOperation = Extract<CommitOperation, { op: "create_file" | "create_folder" | "create_link" }>;

const typeOf = { create_file: "file", create_folder: "folder", create_link: "link" } as const satisfies Record<
  CreateOperation["op"],
  EntryType
>;

/**
 * Makes an entry. The id of a deleted entry of the same type brings that one back, at the new place: a file with its history, a folder empty. Asking again for what is there already is done at once.
 * @throws Refusal
 */
export async function createEntry(batch: Batch, operation: CreateOperation): Promise<EntryRow> {
  const { changes } = batch;
  const { id, parent_id: parentId, name } = operation;
  const content = newContent(batch, operation);
  const existing = changes.tree.find(id);
  if (existing && isSame(changes, existing, operation, content)) return existing;
  if (existing && existing.mounts !== null)
    throw new Refusal("id_taken", "The id belongs to a shared folder", { current: existing });
  if (existing && (existing.type !== typeOf[operation.op] || changes.tree.isAlive(existing)))
    throw new Refusal("id_taken", "The id belongs to another entry", { current: existing });
  livingFolder(changes, parentId);
  requireOrdinaryName(changes, { parentId, name });
  checkNameFree(changes, { id, parentId, name });
  requireRoom(batch, parentId);
  if (content) checkStorage(changes, content);

  const place = { parent_id: parentId, name, ...markOf(operation), deleted_at_ms: null, deleted_by: null };
  const row = changes.change({ ...(existing ?? blankEntry(operation)), ...place }, "created", content);
  if (existing?.type === "folder") await deleteChildren(changes, existing);
  return row;
}

/** Whether it is a conflicted copy, and of what. [MD25] */
function markOf(operation: CreateOperation): Pick<EntryRow, "conflict_of" | "conflict_base"> {
  const base = "conflict_base" in operation ? operation.conflict_base : undefined;
  if (operation.conflict_of === undefined) return { conflict_of: null, conflict_base: null };
  return { conflict_of: operation.conflict_of, conflict_base: base ?? null };
}

function newContent(batch: Batch, operation: CreateOperation): VersionContent | undefined {
  switch (operation.op) {
    case "create_file":
      return contentOf(batch, operation.content);
    case "create_link":
      return linkContent({ target: operation.link_target, modifiedMs: parseTimestamp(operation.modified) });
    case "create_folder":
      return undefined;
  }
}

function isSame(
  { tree }: ChangeSet,
  row: EntryRow,
  operation: CreateOperation,
  content: VersionContent | undefined,
): boolean {
  if (!tree.isAlive(row) || row.type !== typeOf[operation.op]) return false;
  if (row.parent_id !== operation.parent_id || row.name !== operation.name) return false;
  if (!content) return true;
  return (
    row.version_hash === content.versionHash &&
    row.modified_ms === content.modifiedMs &&
    row.executable === Number(content.executable)
  );
}

/** An entry as it is before its first change. */
export function blankEntry(
  operation: Pick<CreateOperation, "op" | "parent_id" | "name"> & { readonly id: EntryId },
): EntryRow {
  return {
    entry_id: operation.id,
    parent_id: operation.parent_id,
    name: operation.name,
    type: typeOf[operation.op],
    version_id: null,
    version_hash: null,
    size: 0,
    modified_ms: null,
    executable: 0,
    link_target: null,
    conflict_of: null,
    conflict_base: null,
    mounts: null,
    sequence: 0,
    deleted_at_ms: null,
    deleted_by: null,
  };
}
