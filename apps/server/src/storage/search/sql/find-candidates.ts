import type { EntryId, WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import type { SqlDialect, SqlSession } from "../../metadata/sql/sql-database.ts";
import type { CandidatePage, CandidateQuery } from "../search-index.ts";
import { kindGram, workspaceGram } from "./filter-grams.ts";

/** The most names that one question looks at for their size or time: what these leave out has no pieces to skip it by. */
const maxLookedAt = 20_000;
const lastPlace = Number.MAX_SAFE_INTEGER;

interface Wanted {
  /** Of the workspaces; at least one. */
  readonly workspaces: ReadonlyMap<number, WorkspaceId>;
  readonly query: CandidateQuery;
}

/** See SearchIndex.candidates. */
export async function findCandidates(session: SqlSession, query: CandidateQuery): Promise<CandidatePage> {
  const workspaces = await numbersOf(session, query.workspaces);
  if (workspaces.size === 0) return { candidates: [], next: null };
  const wanted = { workspaces, query };
  const before = query.before ?? lastPlace;
  const floor = hasRanges(query) ? await findFloor(session, wanted, before) : 0;
  const rows = await readRows(session, wanted, { before, floor });
  const candidates = rows.flatMap(({ place, workspace, entry, name }) => {
    const workspaceId = workspaces.get(workspace);
    return workspaceId === undefined ? [] : [{ id: `${workspaceId}.${entry}` as EntryId, place, name }];
  });
  const next = rows.length === query.limit ? (rows.at(-1)?.place ?? null) : floor > 0 ? floor : null;
  return { candidates, next };
}

async function numbersOf(session: SqlSession, ids: readonly WorkspaceId[]): Promise<Map<number, WorkspaceId>> {
  if (ids.length === 0) return new Map();
  const rows = await session.all<{ number: number; workspace_id: WorkspaceId }>(
    `SELECT w.number, w.workspace_id FROM search_workspaces w
     WHERE w.workspace_id IN (SELECT given.id FROM ${listTable(session.dialect, "$1", "given", { id: "text" })})`,
    [listParameter(ids.map((id) => ({ id })))],
  );
  return new Map(rows.map(({ number, workspace_id }) => [number, workspace_id]));
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
}

function readRows(
  session: SqlSession,
  wanted: Wanted,
  range: { readonly before: number; readonly floor: number },
): Promise<CandidateRow[]> {
  const { limit } = wanted.query;
  const bounds = hasRanges(wanted.query) ? rangeValues(wanted.query) : [];
  const { source, place, condition, values } = matching(session.dialect, wanted, 4 + bounds.length);
  const names = session.dialect === "sqlite" ? `CROSS JOIN search_names n ON n.place = ${place}` : "";
  const within =
    bounds.length > 0 ? "AND n.size BETWEEN $4 AND $5 AND ($6 = 0 OR n.modified_ms BETWEEN $7 AND $8)" : "";
  return session.all<CandidateRow>(
    `SELECT n.place, n.workspace, n.entry, n.name FROM ${source} ${names}
     WHERE ${condition} AND ${place} < $1 AND ${place} >= $2 ${within}
     ORDER BY ${place} DESC LIMIT $3`,
    [range.before, range.floor, limit, ...bounds, ...values],
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

function matching(dialect: SqlDialect, wanted: Wanted, first: number): Matching {
  return dialect === "sqlite" ? matchingInFts(wanted, first) : matchingInArray(wanted, first);
}

/** FTS5 meets the shortest list first, and walks backwards from a place. */
function matchingInFts({ workspaces, query: { kinds, anyOf } }: Wanted, first: number): Matching {
  const all = [anyGram([...workspaces.keys()].map(workspaceGram))];
  if (kinds) all.push(anyGram(kinds.map(kindGram)));
  if (anyOf) all.push(`(${anyOf.map((grams) => `(${grams.map(quoted).join(" AND ")})`).join(" OR ")})`);
  return {
    source: "search_grams",
    place: "search_grams.rowid",
    condition: `search_grams MATCH $${first}`,
    values: [all.join(" AND ")],
  };
}

function anyGram(grams: readonly string[]): string {
  return `(${grams.map(quoted).join(" OR ")})`;
}

/** Pieces hold no quotes: those part words. */
function quoted(gram: string): string {
  return `"${gram}"`;
}

/** The text depends on nothing but which of these are given and how many alternatives there are, so that there are few to be prepared. */
function matchingInArray({ workspaces, query: { kinds, anyOf } }: Wanted, first: number): Matching {
  const list = (index: number): string => `string_to_array($${first + index}, ' ')`;
  const values = [[...workspaces.keys()].map(workspaceGram).join(" ")];
  const conditions = [`n.grams && ${list(0)}`];
  if (kinds) {
    conditions.push(`n.grams && ${list(values.length)}`);
    values.push(kinds.map(kindGram).join(" "));
  }
  if (anyOf) {
    const start = values.length;
    values.push(...anyOf.map((grams) => grams.join(" ")));
    conditions.push(`(${anyOf.map((_, index) => `n.grams @> ${list(start + index)}`).join(" OR ")})`);
  }
  return { source: "search_names n", place: "n.place", condition: conditions.join(" AND "), values };
}
