import { rootEntryId, workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { WorkingTree } from "./working-tree.ts";
import { toEntryState } from "../rows/entry-row.ts";
import { maxInlineManifestBytes, readManifests } from "../rows/read-manifests.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { FoundEntry } from "../tree-store.ts";

const noChunks = new Uint8Array(0);

/** See TreeStore.findEntry. */
export async function findEntry(session: SqlSession, id: EntryId): Promise<FoundEntry | undefined> {
  const workspaceId = workspaceOfEntry(id);
  const tree = new WorkingTree(session, workspaceId);
  await tree.load([id]);
  const row = tree.findAlive(id);
  if (!row) return undefined;
  const hasManifest = row.type === "file" && row.version_id !== null;
  const wanted = hasManifest && row.version_id !== null ? [{ id, versionId: row.version_id }] : [];
  const [packed = noChunks] = (await readManifests(session, workspaceId, wanted)).values();
  const inline = hasManifest && packed.length <= maxInlineManifestBytes ? packed : null;
  return { entry: toEntryState(row, inline), path: tree.pathOf(row), packedChunks: packed };
}

/** See TreeStore.pathOf. */
export async function pathOf(session: SqlSession, id: EntryId): Promise<string | undefined> {
  const tree = new WorkingTree(session, workspaceOfEntry(id));
  await tree.load([id]);
  const row = tree.find(id);
  return row && tree.pathOf(row);
}

/** See TreeStore.resolvePath. */
export async function resolvePath(
  session: SqlSession,
  workspaceId: WorkspaceId,
  names: readonly string[],
): Promise<EntryId | undefined> {
  const step = listTable(session.dialect, "$3", "step", { depth: "int", name: "text" });
  const child = lookUp(session.dialect, {
    table: "entries e",
    where: "e.workspace_id = $1 AND e.parent_id = walk.entry_id AND e.name = step.name AND e.deleted_at_ms IS NULL",
  });
  const [row] = await session.all<{ entry_id: EntryId }>(
    `WITH RECURSIVE walk (depth, entry_id) AS (
      SELECT CAST(0 AS BIGINT), e.entry_id FROM entries e WHERE e.workspace_id = $1 AND e.entry_id = $2
      UNION ALL
      SELECT step.depth, e.entry_id FROM walk JOIN ${step} ON step.depth = walk.depth + 1 ${child}
    )
    SELECT walk.entry_id FROM walk WHERE walk.depth = $4`,
    [
      workspaceId,
      rootEntryId(workspaceId),
      listParameter(names.map((name, index) => ({ depth: index + 1, name }))),
      names.length,
    ],
  );
  return row?.entry_id;
}
