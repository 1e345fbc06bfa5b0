import { ProblemError, workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { maxDavProperties, maxDavPropertyLength, type DavProperty, type DavPropertyChange } from "../dav-store.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { propertyLength, takeRoom } from "./properties-room.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";

const ofEntry = "workspace_id = $1 AND entry_id = $2";

/** See DavStore.listProperties. */
export async function listProperties(
  session: SqlSession,
  workspaceId: WorkspaceId,
  ids: readonly EntryId[],
): Promise<(DavProperty & { readonly entryId: EntryId })[]> {
  if (ids.length === 0) return [];
  const asked = listTable(session.dialect, "$2", "asked", { entry_id: "text" });
  const byEntry = lookUp(session.dialect, {
    table: "dav_properties p",
    where: "p.workspace_id = $1 AND p.entry_id = asked.entry_id",
  });
  const rows = await session.all<DavProperty & { readonly entry_id: EntryId }>(
    `SELECT p.entry_id, p.namespace, p.name, p.value FROM ${asked} ${byEntry} ORDER BY p.entry_id, p.namespace, p.name`,
    [workspaceId, listParameter(ids.map((id) => ({ entry_id: id })))],
  );
  return rows.map(({ entry_id: entryId, namespace, name, value }) => ({ entryId, namespace, name, value }));
}

/** See DavStore.patchProperties. The workspace's row keeps two from adding beyond the bounds at once. */
export async function patchProperties(
  session: SqlSession,
  entryId: EntryId,
  changes: readonly DavPropertyChange[],
): Promise<void> {
  const key = [workspaceOfEntry(entryId), entryId] as const;
  await lockWorkspace(session, key[0]);
  const before = await measure(session, entryId);
  for (const { namespace, name, value } of changes) {
    await session.run(`DELETE FROM dav_properties WHERE ${ofEntry} AND namespace = $3 AND name = $4`, [
      ...key,
      namespace,
      name,
    ]);
    if (value === undefined) continue;
    const sql =
      "INSERT INTO dav_properties (workspace_id, entry_id, namespace, name, value) VALUES ($1, $2, $3, $4, $5)";
    await session.run(sql, [...key, namespace, name, value]);
  }
  const kept = await measure(session, entryId);
  if (kept.count > maxDavProperties || kept.length > maxDavPropertyLength)
    throw new ProblemError(
      "limit_exceeded",
      `an entry has at most ${maxDavProperties} properties of ${maxDavPropertyLength} characters in all`,
    );
  await takeRoom(session, key[0], kept.room - before.room);
}

interface Measured {
  readonly count: number;
  /** Of the values alone. */
  readonly length: number;
  readonly room: number;
}

async function measure(session: SqlSession, entryId: EntryId): Promise<Measured> {
  const [row] = await session.all<Measured>(
    `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(LENGTH(value)), 0) AS BIGINT) AS length, CAST(COALESCE(SUM(${propertyLength}), 0) AS BIGINT) AS room
     FROM dav_properties p WHERE ${ofEntry}`,
    [workspaceOfEntry(entryId), entryId],
  );
  return row ?? { count: 0, length: 0, room: 0 };
}

/** See DavStore.copyProperties. */
export async function copyProperties(
  session: SqlSession,
  { from, to }: { readonly from: EntryId; readonly to: EntryId },
): Promise<void> {
  const workspaceId = workspaceOfEntry(to);
  await lockWorkspace(session, workspaceId);
  const before = await measure(session, to);
  await session.run(`DELETE FROM dav_properties WHERE ${ofEntry}`, [workspaceId, to]);
  await session.run(
    `INSERT INTO dav_properties (workspace_id, entry_id, namespace, name, value)
     SELECT CAST($3 AS TEXT), CAST($4 AS TEXT), p.namespace, p.name, p.value FROM dav_properties p WHERE p.workspace_id = $1 AND p.entry_id = $2`,
    [workspaceOfEntry(from), from, workspaceId, to],
  );
  await takeRoom(session, workspaceId, (await measure(session, to)).room - before.room);
}
