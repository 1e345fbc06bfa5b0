import { workspaceOfEntry, type EntryId, type FileKind, type VersionHash, type WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import { lookUp } from "../../metadata/sql/look-up.ts";
import { defineInsert, type SqlSession } from "../../metadata/sql/sql-database.ts";
import type { ReadText, SearchIndex } from "../search-index.ts";
import type { TextSeal } from "../sealed-texts.ts";
import { kindGram, stretchGram, workspaceGram } from "./filter-grams.ts";
import { ownPart } from "./indexed-names.ts";
import { isUnread } from "./search-schema.ts";
import { tables } from "./search-tables.ts";

/** See SearchIndex.listUnread. */
export async function listUnread(
  session: SqlSession,
  { before = Number.MAX_SAFE_INTEGER, limit }: Parameters<SearchIndex["listUnread"]>[0],
): ReturnType<SearchIndex["listUnread"]> {
  const rows = await session.all<{
    place: number;
    workspace_id: WorkspaceId;
    entry: string;
    name: string;
    kind: FileKind;
    size: number;
    content: VersionHash | null;
  }>(
    `SELECT n.place, w.workspace_id, n.entry, n.name, n.kind, n.size, n.content
     FROM (SELECT * FROM ${tables.names} WHERE ${isUnread} AND place < $1 ORDER BY place DESC LIMIT $2) AS n
     JOIN ${tables.workspaces} w ON w.number = n.workspace ORDER BY n.place DESC`,
    [before, limit],
  );
  return rows.map(({ place, workspace_id: workspaceId, entry, name, kind, size: sizeBytes, content }) => ({
    place,
    id: `${workspaceId}.${entry}` as EntryId,
    name,
    kind,
    sizeBytes,
    content,
  }));
}

/** See SearchIndex.hasUnread. */
export async function hasUnread(
  session: SqlSession,
  workspaces: readonly WorkspaceId[],
  moreThan: number,
): Promise<boolean> {
  const given = listTable(session.dialect, "$1", "given", { id: "text" });
  const rows = await session.all(
    `SELECT 1 AS one FROM ${tables.names} WHERE ${isUnread} AND workspace IN
       (SELECT w.number FROM ${tables.workspaces} w WHERE w.workspace_id IN (SELECT given.id FROM ${given})) LIMIT $2`,
    [listParameter(workspaces.map((id) => ({ id }))), moreThan + 1],
  );
  return rows.length > moreThan;
}

interface KnownRow {
  readonly place: number;
  readonly workspace: number;
  readonly kind: FileKind;
}

const insertText = defineInsert(tables.texts, { place: "int", text: "bytes" });
const insertWords = defineInsert(tables.words, { rowid: "int", pieces: "text" });

/** See SearchIndex.putTexts. */
export async function putTexts(session: SqlSession, seal: TextSeal, texts: readonly ReadText[]): Promise<void> {
  const byPlace = new Map((await findWanted(session, texts)).map((known) => [known.place, known]));
  const places = [...byPlace.keys()];
  const given = listTable(session.dialect, "$1", "given", { place: "int" });
  const isGiven = (column: string): string => `${column} IN (SELECT given.place FROM ${given})`;
  const list = listParameter(places.map((place) => ({ place })));
  if (session.dialect === "sqlite") await session.run(`DELETE FROM ${tables.words} WHERE ${isGiven("rowid")}`, [list]);
  await session.run(`DELETE FROM ${tables.texts} WHERE ${isGiven("place")}`, [list]);
  for (const { place, workspace, kind, read } of byPlace.values()) {
    if (!read.text) continue;
    const pieces = [...read.text.pieces.map(seal.piece), workspaceGram(workspace), kindGram(kind)];
    if (session.dialect === "postgres") pieces.push(stretchGram(place));
    const sealed = seal.text(read.text.kept, read.id);
    await addText(session, { place, pieces: pieces.join(" "), text: sealed });
  }
  await session.run(`UPDATE ${tables.names} SET read = content WHERE ${isGiven("place")}`, [list]);
}

/** Without those of which another version is wanted by now. */
async function findWanted(
  session: SqlSession,
  texts: readonly ReadText[],
): Promise<readonly (KnownRow & { readonly read: ReadText })[]> {
  const columns = { at: "int", workspace: "text", entry: "text", wanted: "text" } as const;
  const workspaces = lookUp(session.dialect, {
    table: `${tables.workspaces} w`,
    where: "w.workspace_id = given.workspace",
  });
  const names = lookUp(session.dialect, {
    table: `${tables.names} n`,
    where: `n.workspace = w.number AND n.entry = given.entry AND COALESCE(n.content, '') = given.wanted AND ${isUnread}`,
    lock: true,
  });
  const rows = await session.all<KnownRow & { readonly at: number }>(
    `SELECT given.at, n.place, n.workspace, n.kind
     FROM ${listTable(session.dialect, "$1", "given", columns)} ${workspaces} ${names}`,
    [
      listParameter(
        texts.map(({ id, content }, at) => ({
          at,
          workspace: workspaceOfEntry(id),
          entry: ownPart(id),
          wanted: content ?? "",
        })),
      ),
    ],
  );
  return rows.flatMap(({ at, ...known }) => {
    const read = texts[at];
    return read ? [{ ...known, read }] : [];
  });
}

async function addText(
  session: SqlSession,
  { place, pieces, text }: { readonly place: number; readonly pieces: string; readonly text: Uint8Array },
): Promise<void> {
  if (session.dialect === "postgres") {
    await session.run(
      `INSERT INTO ${tables.texts} (place, pieces, text) VALUES ($1, string_to_array($2, ' '), decode($3, 'hex'))`,
      [place, pieces, text.toHex()],
    );
    return;
  }
  await session.insert(insertText, [[place, text]]);
  await session.insert(insertWords, [[place, pieces]]);
}

/** See SearchIndex.textsOf. */
export async function textsOf(
  session: SqlSession,
  seal: TextSeal,
  ids: readonly EntryId[],
): Promise<(string | undefined)[]> {
  if (ids.length === 0) return [];
  const wanted = listTable(session.dialect, "$1", "wanted", { workspace: "text", entry: "text" });
  const workspaces = lookUp(session.dialect, {
    table: `${tables.workspaces} w`,
    where: "w.workspace_id = wanted.workspace",
  });
  const names = lookUp(session.dialect, {
    table: `${tables.names} n`,
    where: "n.workspace = w.number AND n.entry = wanted.entry",
  });
  const texts = lookUp(session.dialect, { table: `${tables.texts} t`, where: "t.place = n.place" });
  const rows = await session.all<{ workspace: string; entry: string; text: Uint8Array }>(
    `SELECT wanted.workspace, wanted.entry, t.text FROM ${wanted} ${workspaces} ${names} ${texts}`,
    [listParameter(ids.map((id) => ({ workspace: workspaceOfEntry(id), entry: ownPart(id) })))],
  );
  const byId = new Map(rows.map(({ workspace, entry, text }) => [`${workspace}.${entry}`, text]));
  return ids.map((id) => {
    const sealed = byId.get(id);
    return sealed && seal.open(sealed, id);
  });
}
