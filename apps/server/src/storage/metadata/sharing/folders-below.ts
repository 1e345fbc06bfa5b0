import { ProblemError, workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlDialect, SqlSession } from "../sql/sql-database.ts";

/** Folders that are looked into by one statement. */
export const foldersPerStatement = 500;

/** The two indexes by parent: of living entries, and of deleted ones. */
export const byParent = ["e.deleted_at_ms IS NULL", "e.deleted_at_ms IS NOT NULL"] as const;

/** A join of the folders that `$2` lists with what is in them, living or deleted, through an index. */
export function childrenOfListed(dialect: SqlDialect, kind: (typeof byParent)[number]): string {
  const folders = listTable(dialect, "$2", "folder", { entry_id: "text" });
  const children = lookUp(dialect, {
    table: "entries e",
    where: `e.workspace_id = $1 AND e.parent_id = folder.entry_id AND ${kind}`,
  });
  return `${folders} ${children}`;
}

/** The parameter `$2` of {@link childrenOfListed}, for each page of the folders. */
export function* folderPages(folders: readonly EntryId[]): Generator<string> {
  for (let from = 0; from < folders.length; from += foldersPerStatement)
    yield listParameter(folders.slice(from, from + foldersPerStatement).map((id) => ({ entry_id: id })));
}

/**
 * A folder with all folders below it, living and deleted, level by level.
 * @throws share_nested when a share is mounted in it, limit_exceeded when it holds more entries than `maxEntries`
 */
export async function foldersBelow(
  session: SqlSession,
  folderId: EntryId,
  { maxEntries }: { readonly maxEntries: number },
): Promise<EntryId[]> {
  const workspaceId = workspaceOfEntry(folderId);
  const living = new Set<EntryId>([folderId]);
  const all: EntryId[] = [folderId];
  let entries = 0;
  for (let level: EntryId[] = [folderId]; level.length > 0;) {
    const next: EntryId[] = [];
    for (const page of folderPages(level)) {
      const found = await readChildren(session, workspaceId, page);
      entries += found.entries;
      for (const { entry_id, parent_id, mounts, deleted } of found.folders) {
        const isAlive = deleted === 0 && living.has(parent_id);
        if (isAlive && mounts !== null) throw new ProblemError("share_nested", "There is a shared folder in it");
        if (isAlive) living.add(entry_id);
        next.push(entry_id);
      }
      if (entries > maxEntries)
        throw new ProblemError("limit_exceeded", `A folder of more than ${maxEntries} entries can't be shared`);
    }
    all.push(...next);
    level = next;
  }
  return all;
}

interface ChildFolder {
  readonly entry_id: EntryId;
  readonly parent_id: EntryId;
  readonly mounts: WorkspaceId | null;
  readonly deleted: number;
}

async function readChildren(
  session: SqlSession,
  workspaceId: WorkspaceId,
  page: string,
): Promise<{ readonly folders: ChildFolder[]; readonly entries: number }> {
  const folders: ChildFolder[] = [];
  let entries = 0;
  for (const kind of byParent) {
    const from = childrenOfListed(session.dialect, kind);
    const found = await session.all<ChildFolder>(
      `SELECT e.entry_id, e.parent_id, e.mounts, CASE WHEN e.deleted_at_ms IS NULL THEN 0 ELSE 1 END AS deleted FROM ${from} WHERE e.type = 'folder'`,
      [workspaceId, page],
    );
    const [count] = await session.all<{ entries: number }>(`SELECT count(*) AS entries FROM ${from}`, [
      workspaceId,
      page,
    ]);
    folders.push(...found);
    entries += count?.entries ?? 0;
  }
  return { folders, entries };
}
