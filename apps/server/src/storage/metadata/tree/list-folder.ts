import { ProblemError, workspaceOfEntry, type EntryId } from "@satchel/protocol";
import { WorkingTree } from "./working-tree.ts";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { FolderPage } from "../tree-store.ts";

/** See TreeStore.listFolder: by name, compared byte by byte. */
export async function listFolder(
  session: SqlSession,
  { folderId, after, limit }: { folderId: EntryId; after: string | undefined; limit: number },
): Promise<FolderPage> {
  const workspaceId = workspaceOfEntry(folderId);
  const tree = new WorkingTree(session, workspaceId);
  await tree.load([folderId]);
  if (tree.findAlive(folderId)?.type !== "folder") throw new ProblemError("not_found", "There is no such folder");
  const rows = await session.all<EntryRow>(
    `SELECT ${entryColumns("e")} FROM entries e
     WHERE e.workspace_id = $1 AND e.parent_id = $2 AND e.deleted_at_ms IS NULL AND e.name > $3 ORDER BY e.name LIMIT $4`,
    [workspaceId, folderId, after ?? "", limit + 1],
  );
  return toPage(rows, limit, (row) => row.name);
}

function toPage(rows: readonly EntryRow[], limit: number, keyOf: (row: EntryRow) => string): FolderPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? keyOf(last) : null;
  return { entries: page.map((row) => toEntryState(row)), next };
}
