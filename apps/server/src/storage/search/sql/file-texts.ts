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
  for (const read of texts) {
    const known = await findWanted(session, read);
    if (!known) continue;
    await dropText(session, known.place);
    if (read.text) {
      const pieces = [...read.text.pieces.map(seal.piece), workspaceGram(known.workspace), kindGram(known.kind)];
      if (session.dialect === "postgres") pieces.push(stretchGram(known.place));
      const sealed = seal.text(read.text.kept, read.id);
      await addText(session, { place: known.place, pieces: pieces.join(" "), text: sealed });
    }
    await session.run(`UPDATE ${tables.names} SET read = content WHERE place = $1`, [known.place]);
  }
}

/** Undefined where another version is wanted by now. */
async function findWanted(session: SqlSession, { id, content }: ReadText): Promise<KnownRow | undefined> {
  const lock = session.dialect === "postgres" ? "FOR UPDATE" : "";
  const [row] = await session.all<KnownRow>(
    `SELECT place, workspace, kind FROM ${tables.names}
     WHERE workspace = (SELECT w.number FROM ${tables.workspaces} w WHERE w.workspace_id = $1) AND entry = $2
       AND COALESCE(content, '') = $3 AND ${isUnread} ${lock}`,
    [workspaceOfEntry(id), ownPart(id), content ?? ""],
  );
  return row;
}

async function dropText(session: SqlSession, place: number): Promise<void> {
  if (session.dialect === "sqlite") await session.run(`DELETE FROM ${tables.words} WHERE rowid = $1`, [place]);
  await session.run(`DELETE FROM ${tables.texts} WHERE place = $1`, [place]);
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
