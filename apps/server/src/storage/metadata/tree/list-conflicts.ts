import { workspaceOfEntry, type EntryId, type VersionId, type VersionState, type WorkspaceId } from "@satchel/protocol";
import { listedVersionColumns, toVersionState, type ListedVersionRow } from "../history/list-versions.ts";
import { findAlsoBy } from "../rows/also-by.ts";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { Conflict, TreeStore } from "../tree-store.ts";
import { WorkingTree } from "./working-tree.ts";

type ConflictRow = EntryRow & { readonly conflict_of: EntryId };

/** See TreeStore.listConflicts. A copy in a deleted folder is none. */
export async function listConflicts(
  session: SqlSession,
  { workspaceIds, after, limit }: Parameters<TreeStore["listConflicts"]>[0],
): Promise<{ conflicts: Conflict[]; next: string | null }> {
  const wanted = listTable(session.dialect, "$1", "wanted", { workspace_id: "text" });
  const marked = lookUp(session.dialect, {
    table: "entries e",
    where:
      "e.workspace_id = wanted.workspace_id AND e.conflict_of IS NOT NULL AND e.deleted_at_ms IS NULL AND e.entry_id > $2",
  });
  const rows = await session.all<ConflictRow>(
    `SELECT ${entryColumns("e")} FROM ${wanted} ${marked} ORDER BY e.entry_id LIMIT $3`,
    [listParameter(workspaceIds.map((workspace_id) => ({ workspace_id }))), after ?? "", limit + 1],
  );
  const page = rows.slice(0, limit);
  const conflicts: Conflict[] = [];
  for (const [workspaceId, inIt] of Map.groupBy(page, (row) => workspaceOfEntry(row.entry_id)))
    conflicts.push(...(await describeAll(session, workspaceId, inIt)));
  const last = page.at(-1);
  return { conflicts, next: rows.length > limit && last ? last.entry_id : null };
}

async function describeAll(
  session: SqlSession,
  workspaceId: WorkspaceId,
  rows: readonly ConflictRow[],
): Promise<Conflict[]> {
  const tree = new WorkingTree(session, workspaceId);
  await tree.load(rows.flatMap((row) => [row.entry_id, row.conflict_of]));
  const living = rows.filter((row) => tree.isAlive(row));
  const versions = await readVersions(session, workspaceId, namedVersions(tree, living));
  return living.map((row) => describe(tree, row, versions));
}

interface NamedVersion {
  readonly id: EntryId;
  readonly versionId: VersionId;
}

/** Of each conflict both sides' versions, and the base. */
function namedVersions(tree: WorkingTree, rows: readonly ConflictRow[]): NamedVersion[] {
  return rows.flatMap((row) => {
    const original = tree.findAlive(row.conflict_of);
    return [
      { id: row.entry_id, versionId: row.version_id },
      { id: row.conflict_of, versionId: original?.version_id ?? null },
      { id: row.conflict_of, versionId: row.conflict_base },
    ].flatMap(({ id, versionId }) => (versionId === null ? [] : [{ id, versionId }]));
  });
}

async function readVersions(
  session: SqlSession,
  workspaceId: WorkspaceId,
  named: readonly NamedVersion[],
): Promise<Map<string, VersionState>> {
  if (named.length === 0) return new Map();
  const wanted = listTable(session.dialect, "$2", "wanted", { entry_id: "text", version_id: "text" });
  const byId = lookUp(session.dialect, {
    table: "versions v",
    where: "v.workspace_id = $1 AND v.entry_id = wanted.entry_id AND v.version_id = wanted.version_id",
  });
  const rows = await session.all<ListedVersionRow>(
    `SELECT ${listedVersionColumns} FROM ${wanted} ${byId}
     LEFT JOIN accounts a ON a.account_id = v.account_id LEFT JOIN devices d ON d.device_id = v.device_id`,
    [workspaceId, listParameter(named.map(({ id, versionId }) => ({ entry_id: id, version_id: versionId })))],
  );
  const alsoBy = await findAlsoBy(session, rows);
  return new Map(rows.map((row) => [`${row.entry_id} ${row.version_id}`, toVersionState(row, alsoBy(row))]));
}

function describe(tree: WorkingTree, row: ConflictRow, versions: ReadonlyMap<string, VersionState>): Conflict {
  const original = tree.findAlive(row.conflict_of);
  const find = (id: EntryId, versionId: VersionId | null | undefined) => versions.get(`${id} ${versionId ?? ""}`);
  return {
    copy: toEntryState(row),
    path: tree.pathOf(row),
    originalId: row.conflict_of,
    original: original && { entry: toEntryState(original), path: tree.pathOf(original) },
    mine: find(row.entry_id, row.version_id),
    theirs: find(row.conflict_of, original?.version_id),
    base: find(row.conflict_of, row.conflict_base),
  };
}
