import type { WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import { lookUp } from "../../metadata/sql/look-up.ts";
import { defineInsert, type SqlSession } from "../../metadata/sql/sql-database.ts";
import type { FeedPosition } from "../../metadata/tree-store.ts";
import { gramsOfName } from "../name-grams.ts";
import type { IndexedEntry, IndexUpdate } from "../search-index.ts";
import { kindGram, stretchGram, workspaceGram } from "./filter-grams.ts";
import { dropNames, ownPart } from "./indexed-names.ts";
import { placeSequence, tables } from "./search-tables.ts";

/** See SearchIndex.apply. */
export async function applyUpdate(session: SqlSession, update: IndexUpdate): Promise<boolean> {
  const { workspaceId, before, after } = update;
  const workspace = await lockWorkspace(session, workspaceId);
  if (workspace.sequence !== (before?.sequence ?? null)) return false;
  const put = [...new Map(update.put.map((entry) => [entry.id, entry])).values()];
  const known = await findKnown(session, workspace.number, put);
  const isKept = (entry: IndexedEntry): boolean => known.get(ownPart(entry.id)) === `${entry.kind} ${entry.name}`;
  const added = put.filter((entry) => !isKept(entry));
  const renamed = added.map((entry) => ownPart(entry.id)).filter((entry) => known.has(entry));
  await dropNames(session, workspace.number, [...update.remove.map(ownPart), ...renamed]);
  await touchKept(session, workspace.number, put.filter(isKept));
  await addNames(session, workspace.number, added);
  await writePosition(session, workspace.number, after);
  return true;
}

interface LockedWorkspace {
  readonly number: number;
  readonly sequence: number | null;
}

/** Holds off other writers of the workspace's part, which another server may be. */
async function lockWorkspace(session: SqlSession, workspaceId: WorkspaceId): Promise<LockedWorkspace> {
  await session.run(
    `INSERT INTO ${tables.workspaces} (workspace_id, sequence) VALUES ($1, NULL) ON CONFLICT (workspace_id) DO NOTHING`,
    [workspaceId],
  );
  const lock = session.dialect === "postgres" ? "FOR UPDATE" : "";
  const [row] = await session.all<LockedWorkspace>(
    `SELECT number, sequence FROM ${tables.workspaces} WHERE workspace_id = $1 ${lock}`,
    [workspaceId],
  );
  if (!row) throw new Error(`the workspace ${workspaceId} was not added to the search index`);
  return row;
}

/** Kind and name of what is there already, by the own parts of ids. */
async function findKnown(
  session: SqlSession,
  workspace: number,
  entries: readonly IndexedEntry[],
): Promise<Map<string, string>> {
  if (entries.length === 0) return new Map();
  const wanted = listTable(session.dialect, "$2", "wanted", { entry: "text" });
  const names = lookUp(session.dialect, {
    table: `${tables.names} n`,
    where: "n.workspace = $1 AND n.entry = wanted.entry",
  });
  const rows = await session.all<{ entry: string; kind: string; name: string }>(
    `SELECT n.entry, n.kind, n.name FROM ${wanted} ${names}`,
    [workspace, listParameter(entries.map(({ id }) => ({ entry: ownPart(id) })))],
  );
  return new Map(rows.map(({ entry, kind, name }) => [entry, `${kind} ${name}`]));
}

/** What keeps its name keeps its pieces, which are what an entry costs. */
async function touchKept(session: SqlSession, workspace: number, kept: readonly IndexedEntry[]): Promise<void> {
  if (kept.length === 0) return;
  const columns = { entry: "text", parent: "text", size: "int", modified_ms: "int", content: "text" } as const;
  await session.run(
    `UPDATE ${tables.names} SET parent = given.parent, size = given.size, modified_ms = given.modified_ms,
       content = given.content
     FROM ${listTable(session.dialect, "$2", "given", columns)}
     WHERE ${tables.names}.workspace = $1 AND ${tables.names}.entry = given.entry`,
    [
      workspace,
      listParameter(
        kept.map((entry) => ({
          entry: ownPart(entry.id),
          parent: ownPart(entry.parentId),
          size: entry.sizeBytes,
          modified_ms: entry.modifiedMs,
          content: entry.content,
        })),
      ),
    ],
  );
}

const insertName = defineInsert(tables.names, {
  place: "int",
  workspace: "int",
  entry: "text",
  parent: "text",
  name: "text",
  kind: "text",
  size: "int",
  modified_ms: "int",
  content: "text",
});
const insertGrams = defineInsert(tables.grams, { rowid: "int", grams: "text" });

async function addNames(session: SqlSession, workspace: number, added: readonly IndexedEntry[]): Promise<void> {
  if (added.length === 0) return;
  const places = await takePlaces(session, added.length);
  const rows = added.map((entry, index) => ({
    place: places[index] ?? 0,
    workspace,
    entry: ownPart(entry.id),
    parent: ownPart(entry.parentId),
    name: entry.name,
    kind: entry.kind,
    size: entry.sizeBytes,
    modified_ms: entry.modifiedMs,
    content: entry.content,
    grams: [...gramsOfName(entry.name), workspaceGram(workspace), kindGram(entry.kind)].join(" "),
  }));
  await session.run(`UPDATE ${tables.workspaces} SET last_place = $2 WHERE number = $1`, [
    workspace,
    Math.max(...places),
  ]);
  if (session.dialect === "postgres")
    return insertWithGrams(
      session,
      rows.map((row) => ({ ...row, grams: `${row.grams} ${stretchGram(row.place)}` })),
    );
  await session.insert(
    insertName,
    rows.map((row) => [
      row.place,
      row.workspace,
      row.entry,
      row.parent,
      row.name,
      row.kind,
      row.size,
      row.modified_ms,
      row.content,
    ]),
  );
  await session.insert(
    insertGrams,
    rows.map(({ place, grams }) => [place, grams]),
  );
}

async function insertWithGrams(session: SqlSession, rows: readonly Record<string, string | number | null>[]) {
  const columns = { ...insertName.columns, grams: "text" } as const;
  const names = Object.keys(insertName.columns).join(", ");
  await session.run(
    `INSERT INTO ${tables.names} (${names}, grams)
     SELECT ${names}, string_to_array(grams, ' ') FROM ${listTable("postgres", "$1", "list", columns)}`,
    [listParameter(rows)],
  );
}

/** That many places behind all others. */
async function takePlaces(session: SqlSession, count: number): Promise<number[]> {
  if (session.dialect === "postgres") {
    const rows = await session.all<{ place: number }>(
      `SELECT nextval('${placeSequence}') AS place FROM generate_series(1, CAST($1 AS BIGINT))`,
      [count],
    );
    return rows.map(({ place }) => place);
  }
  const [row] = await session.all<{ last: number }>(`SELECT COALESCE(MAX(place), 0) AS last FROM ${tables.names}`);
  return Array.from({ length: count }, (_, index) => (row?.last ?? 0) + 1 + index);
}

async function writePosition(session: SqlSession, number: number, position: FeedPosition): Promise<void> {
  const { sequence, epoch, listingHead, madeAtMs } = position;
  await session.run(
    `UPDATE ${tables.workspaces} SET sequence = $2, epoch = $3, listing_head = $4, made_at_ms = $5 WHERE number = $1`,
    [number, sequence, epoch, listingHead ?? null, madeAtMs ?? null],
  );
}
