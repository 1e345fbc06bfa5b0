import type { EntryId, WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import type { SqlDatabase, SqlSession } from "../../metadata/sql/sql-database.ts";
import type { FeedPosition } from "../../metadata/tree-store.ts";
import type { SearchIndex } from "../search-index.ts";
import { applyUpdate } from "./apply-update.ts";
import { createTextSeal } from "../sealed-texts.ts";
import { hasUnread, listUnread, putTexts, textsOf } from "./file-texts.ts";
import { findCandidates } from "./find-candidates.ts";
import { dropNames, ownPart } from "./indexed-names.ts";
import { openSearchSchema } from "./search-schema.ts";
import { tables } from "./search-tables.ts";

/** The search index in a SQL database, whichever it is; texts in it are sealed with the key. Closing it closes the database. */
export async function openSqlSearchIndex(database: SqlDatabase, key: Uint8Array): Promise<SearchIndex> {
  const seal = createTextSeal(key);
  try {
    await openSearchSchema(database, seal.keyPrint);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    positions: (workspaceIds) => database.read((session) => positions(session, workspaceIds)),
    apply: (update) => database.transaction((session) => applyUpdate(session, update)),
    listChildren: (query) => database.read((session) => listChildren(session, query)),
    remove: (workspaceId, ids) => database.transaction((session) => remove(session, workspaceId, ids)),
    forget: (workspaceId, limit) => database.transaction((session) => forget(session, workspaceId, limit)),
    listWorkspaces: (query) => database.read((session) => listWorkspaces(session, query)),
    listUnread: (query) => database.read((session) => listUnread(session, query)),
    hasUnread: (workspaces, moreThan) => database.read((session) => hasUnread(session, workspaces, moreThan)),
    putTexts: (texts) => database.transaction((session) => putTexts(session, seal, texts)),
    textsOf: (ids) => database.read((session) => textsOf(session, seal, ids)),
    candidates: (query) => database.read((session) => findCandidates(session, seal, query)),
    close: () => database.close(),
  };
}

interface PositionRow {
  readonly workspace_id: WorkspaceId;
  readonly sequence: number;
  readonly epoch: string;
  readonly listing_head: number | null;
  readonly made_at_ms: number | null;
}

async function positions(
  session: SqlSession,
  workspaceIds: readonly WorkspaceId[],
): Promise<(FeedPosition | undefined)[]> {
  const given = listTable(session.dialect, "$1", "given", { id: "text" });
  const rows = await session.all<PositionRow>(
    `SELECT workspace_id, sequence, epoch, listing_head, made_at_ms FROM ${tables.workspaces}
     WHERE sequence IS NOT NULL AND workspace_id IN (SELECT given.id FROM ${given})`,
    [listParameter(workspaceIds.map((id) => ({ id })))],
  );
  const known = new Map(rows.map((row) => [row.workspace_id, toPosition(row)]));
  return workspaceIds.map((id) => known.get(id));
}

function toPosition({ sequence, epoch, listing_head, made_at_ms }: PositionRow): FeedPosition {
  return {
    sequence,
    epoch,
    ...(listing_head !== null && { listingHead: listing_head }),
    ...(made_at_ms !== null && { madeAtMs: made_at_ms }),
  };
}

async function listChildren(
  session: SqlSession,
  { workspaceId, parents, after, limit }: Parameters<SearchIndex["listChildren"]>[0],
): ReturnType<SearchIndex["listChildren"]> {
  const folders = listTable(session.dialect, "$2", "folder", { parent: "text" });
  const rows = await session.all<{ entry: string; kind: string }>(
    `SELECT n.entry, n.kind FROM ${tables.names} n
     WHERE n.workspace = (SELECT w.number FROM ${tables.workspaces} w WHERE w.workspace_id = $1)
       AND n.parent IN (SELECT folder.parent FROM ${folders}) AND n.entry > $3 ORDER BY n.entry LIMIT $4`,
    [
      workspaceId,
      listParameter(parents.map((id) => ({ parent: ownPart(id) }))),
      after === undefined ? "" : ownPart(after),
      limit,
    ],
  );
  return rows.map(({ entry, kind }) => ({ id: `${workspaceId}.${entry}` as EntryId, isFolder: kind === "folder" }));
}

async function remove(session: SqlSession, workspaceId: WorkspaceId, ids: readonly EntryId[]): Promise<void> {
  const [row] = await session.all<{ number: number }>(
    `SELECT number FROM ${tables.workspaces} WHERE workspace_id = $1`,
    [workspaceId],
  );
  if (row) await dropNames(session, row.number, ids.map(ownPart));
}

async function forget(session: SqlSession, workspaceId: WorkspaceId, limit: number): Promise<{ more: boolean }> {
  await session.run(`UPDATE ${tables.workspaces} SET sequence = NULL WHERE workspace_id = $1`, [workspaceId]);
  const rows = await session.all<{ workspace: number; entry: string }>(
    `SELECT n.workspace, n.entry FROM ${tables.names} n
     WHERE n.workspace = (SELECT w.number FROM ${tables.workspaces} w WHERE w.workspace_id = $1) ORDER BY n.entry LIMIT $2`,
    [workspaceId, limit],
  );
  const [first] = rows;
  if (first) {
    await dropNames(
      session,
      first.workspace,
      rows.map(({ entry }) => entry),
    );
  }
  const more = rows.length === limit;
  if (!more) await session.run(`DELETE FROM ${tables.workspaces} WHERE workspace_id = $1`, [workspaceId]);
  return { more };
}

async function listWorkspaces(
  session: SqlSession,
  { after, limit }: Parameters<SearchIndex["listWorkspaces"]>[0],
): Promise<WorkspaceId[]> {
  const rows = await session.all<{ workspace_id: WorkspaceId }>(
    `SELECT workspace_id FROM ${tables.workspaces} WHERE workspace_id > $1 ORDER BY workspace_id LIMIT $2`,
    [after ?? "", limit],
  );
  return rows.map(({ workspace_id: workspaceId }) => workspaceId);
}
