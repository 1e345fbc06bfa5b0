import type { EntryId, VersionHash, WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import type { SqlDialect, SqlSession } from "../../metadata/sql/sql-database.ts";
import type { CandidatePage, CandidateQuery } from "../search-index.ts";
import type { TextSeal } from "../sealed-texts.ts";
import { kindGram, stretchesBelow, workspaceGram } from "./filter-grams.ts";
import { tables } from "./search-tables.ts";

/** The most names that one question looks at for their size or time: what these leave out has no pieces to skip it by. */
const maxLookedAt = 20_000;

interface Wanted {
  /** Of the workspaces; at least one. */
  readonly workspaces: ReadonlyMap<number, WorkspaceId>;
  /** The last place that any of them has. */
  readonly last: number;
  readonly query: CandidateQuery;
}

/** See SearchIndex.candidates. */
export async function findCandidates(
  session: SqlSession,
  seal: TextSeal,
  asked: CandidateQuery,
): Promise<CandidatePage> {
  const query = asked.of === "texts" ? sealedQuery(seal, asked) : asked;
  const { workspaces, last } = await numbersOf(session, query.workspaces);
  if (workspaces.size === 0) return { candidates: [], next: null };
  const wanted = { workspaces, last, query };
  const before = Math.min(query.before ?? last + 1, last + 1);
  const floor = hasRanges(query) ? await findFloor(session, wanted, before) : 0;
  const isStretched = session.dialect === "postgres" && !hasRanges(query);
  const rows = isStretched
    ? await readStretches(session, wanted, before)
    : await readRows(session, wanted, { before, floor, limit: query.limit });
  const candidates = rows.flatMap(({ place, workspace, entry, name, read }) => {
    const workspaceId = workspaces.get(workspace);
    return workspaceId === undefined ? [] : [{ id: `${workspaceId}.${entry}` as EntryId, place, name, read }];
  });
  const next = rows.length === query.limit ? (rows.at(-1)?.place ?? null) : floor > 0 ? floor : null;
  return { candidates, next };
}

function sealedQuery({ piece }: TextSeal, query: CandidateQuery): CandidateQuery {
  return { ...query, anyOf: query.anyOf?.map((pieces) => pieces.map(piece)), not: query.not?.map(piece) };
}

async function numbersOf(session: SqlSession, ids: readonly WorkspaceId[]): Promise<Omit<Wanted, "query">> {
  if (ids.length === 0) return { workspaces: new Map(), last: 0 };
  const rows = await session.all<{ number: number; workspace_id: WorkspaceId; last_place: number | null }>(
    `SELECT w.number, w.workspace_id, w.last_place FROM ${tables.workspaces} w
     WHERE w.workspace_id IN (SELECT given.id FROM ${listTable(session.dialect, "$1", "given", { id: "text" })})`,
    [listParameter(ids.map((id) => ({ id })))],
  );
  return {
    workspaces: new Map(rows.map(({ number, workspace_id }) => [number, workspace_id])),
    last: Math.max(0, ...rows.map(({ last_place: place }) => place ?? 0)),
  };
}

function hasRanges({ size, modifiedMs }: CandidateQuery): boolean {
  return [size.from, size.to, modifiedMs.from, modifiedMs.to].some((bound) => bound !== undefined);
}

/** The lowest place that is looked at; 0 when there are no more than that anyway. */
async function findFloor(session: SqlSession, wanted: Wanted, before: number): Promise<number> {
  const { source, place, condition, values } = matching(session.dialect, wanted, 2);
  const [row] = await session.all<{ floor: number | null; count: number }>(
    `SELECT MIN(place) AS floor, COUNT(*) AS count FROM (
       SELECT ${place} AS place FROM ${source} WHERE ${condition} AND ${place} < $1 ORDER BY ${place} DESC LIMIT ${maxLookedAt}
     ) AS looked_at`,
    [before, ...values],
  );
  return row && row.count === maxLookedAt ? (row.floor ?? 0) : 0;
}

interface CandidateRow {
  readonly place: number;
  readonly workspace: number;
  readonly entry: string;
  readonly name: string;
  readonly read: VersionHash | null;
}

/**
 * PostgreSQL takes the pieces of a word for independent of each other, so what many names have seems rare to it: it would fetch all of them to sort them by their places. So the latest ones are asked for first, by a piece that they share.
 */
async function readStretches(session: SqlSession, wanted: Wanted, before: number): Promise<CandidateRow[]> {
  const rows: CandidateRow[] = [];
  let upTo = before;
  for (const { grams, floor } of stretchesBelow(before)) {
    const limit = wanted.query.limit - rows.length;
    if (limit === 0 || upTo <= 0) break;
    if (floor === upTo) continue;
    rows.push(...(await readRows(session, wanted, { before: upTo, floor, limit, stretch: grams })));
    upTo = floor;
  }
  return rows;
}

function readRows(
  session: SqlSession,
  wanted: Wanted,
  range: {
    readonly before: number;
    readonly floor: number;
    readonly limit: number;
    /** Pieces of which the places have one; all have if left out. */
    readonly stretch?: readonly string[] | undefined;
  },
): Promise<CandidateRow[]> {
  const bounds = hasRanges(wanted.query) ? rangeValues(wanted.query) : [];
  const { source, place, condition, values } = matching(session.dialect, wanted, 4 + bounds.length, range.stretch);
  const isJoined = session.dialect === "sqlite" || wanted.query.of === "texts";
  const names = isJoined ? `CROSS JOIN ${tables.names} n` : "";
  const joined = isJoined ? `n.place = ${place} AND` : "";
  const within =
    bounds.length > 0 ? "AND n.size BETWEEN $4 AND $5 AND ($6 = 0 OR n.modified_ms BETWEEN $7 AND $8)" : "";
  return session.all<CandidateRow>(
    `SELECT n.place, n.workspace, n.entry, n.name, n.read FROM ${source} ${names}
     WHERE ${joined} ${condition} AND ${place} < $1 AND ${place} >= $2 ${within}
     ORDER BY ${place} DESC LIMIT $3`,
    [range.before, range.floor, range.limit, ...bounds, ...values],
  );
}

function rangeValues({ size, modifiedMs }: CandidateQuery): number[] {
  const { MIN_SAFE_INTEGER: least, MAX_SAFE_INTEGER: most } = Number;
  const isTimed = modifiedMs.from !== undefined || modifiedMs.to !== undefined;
  return [size.from ?? 0, size.to ?? most, isTimed ? 1 : 0, modifiedMs.from ?? least, modifiedMs.to ?? most];
}

/** What has the pieces, and where it is read from; the values' parameters begin at this number. */
interface Matching {
  readonly source: string;
  readonly place: string;
  readonly condition: string;
  readonly values: readonly string[];
}

function matching(dialect: SqlDialect, wanted: Wanted, first: number, stretch?: readonly string[]): Matching {
  return dialect === "sqlite" ? matchingInFts(wanted, first) : matchingInArray(wanted, first, stretch);
}

/** FTS5 meets the shortest list first, and walks backwards from a place. */
function matchingInFts({ workspaces, query: { of, kinds, anyOf, not } }: Wanted, first: number): Matching {
  const all = [anyGram([...workspaces.keys()].map(workspaceGram))];
  if (kinds) all.push(anyGram(kinds.map(kindGram)));
  if (anyOf) all.push(`(${anyOf.map(allGrams).join(" OR ")})`);
  const table = of === "names" ? tables.grams : tables.words;
  return {
    source: table,
    place: `${table}.rowid`,
    condition: `${table} MATCH $${first}`,
    values: [not ? `(${all.join(" AND ")}) NOT ${allGrams(not)}` : all.join(" AND ")],
  };
}

function anyGram(grams: readonly string[]): string {
  return `(${grams.map(quoted).join(" OR ")})`;
}

function allGrams(grams: readonly string[]): string {
  return `(${grams.map(quoted).join(" AND ")})`;
}

/** Pieces hold no quotes: those part words. */
function quoted(gram: string): string {
  return `"${gram}"`;
}

/** The text depends on nothing but which of these are given and how many alternatives there are, so that there are few to be prepared. */
function matchingInArray(
  { workspaces, query: { of, kinds, anyOf, not } }: Wanted,
  first: number,
  stretch?: readonly string[],
): Matching {
  const [source, place, column] =
    of === "names" ? [`${tables.names} n`, "n.place", "n.grams"] : [`${tables.texts} t`, "t.place", "t.pieces"];
  const values: string[] = [];
  const list = (grams: readonly string[]): string => {
    values.push(grams.join(" "));
    return `string_to_array($${first + values.length - 1}, ' ')`;
  };
  const conditions = [`${column} && ${list([...workspaces.keys()].map(workspaceGram))}`];
  if (stretch) conditions.push(`${column} && ${list(stretch)}`);
  if (kinds) conditions.push(`${column} && ${list(kinds.map(kindGram))}`);
  if (anyOf) conditions.push(`(${anyOf.map((grams) => `${column} @> ${list(grams)}`).join(" OR ")})`);
  if (not) conditions.push(`NOT ${column} @> ${list(not)}`);
  return { source, place, condition: conditions.join(" AND "), values };
}
