import { workspaceOfEntry, type EntryId, type EntryState, type WorkspaceId } from "@satchel/protocol";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { LivingEntry, TreeStore } from "../tree-store.ts";
import { WorkingTree } from "./working-tree.ts";

/** See TreeStore.findLiving. */
export async function findLiving(session: SqlSession, ids: readonly EntryId[]): Promise<LivingEntry[]> {
  const found: LivingEntry[] = [];
  for (const [workspaceId, own] of Map.groupBy(ids, workspaceOfEntry)) {
    const tree = new WorkingTree(session, workspaceId);
    await tree.load(own);
    for (const id of new Set(own)) {
      const row = tree.findAlive(id);
      if (!row) continue;
      const folders = tree.lineOf(row).slice(0, -1);
      found.push({ entry: toEntryState(row), path: tree.pathOf(row), folders: folders.map((each) => each.entry_id) });
    }
  }
  return found;
}

/** See TreeStore.latestChanges. */
export async function latestChanges(
  session: SqlSession,
  { workspaces, limit }: Parameters<TreeStore["latestChanges"]>[0],
): Promise<EntryState[]> {
  const latest = (workspaceId: WorkspaceId, after: number): Promise<EntryRow[]> =>
    session.all<EntryRow>(
      `SELECT ${entryColumns("e")} FROM entries e
       WHERE e.workspace_id = $1 AND e.sequence > $2 AND e.deleted_at_ms IS NULL ORDER BY e.sequence DESC LIMIT $3`,
      [workspaceId, after, limit],
    );
  const pages = await Promise.all(workspaces.map(({ workspaceId, after }) => latest(workspaceId, after)));
  return pages.flat().map((row) => toEntryState(row));
}
