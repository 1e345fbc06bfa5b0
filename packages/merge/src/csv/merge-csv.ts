import type { StructuralMerge, TextVersions } from "../merge-texts.ts";
import { keepsEachWord } from "../text/keeps-each-word.ts";
import { alignRows, type Alignment } from "./align-rows.ts";
import { columnsOf, mergeColumns } from "./merge-columns.ts";
import { parseCsv, type CsvTable } from "./parse-csv.ts";

/** A table with its rows by column. */
interface Grid {
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly (readonly string[])[];
}

interface Sides {
  readonly base: Grid;
  readonly mine: Grid;
  readonly theirs: Grid;
}

/**
 * Merges tables by row and column. [MG14]
 *
 * @returns undefined when one of the texts is not a table, or they aren't tables of one kind
 */
export function mergeCsv(versions: TextVersions): StructuralMerge | undefined {
  const tables = [parseCsv(versions.base), parseCsv(versions.mine), parseCsv(versions.theirs)];
  const [base, mine, theirs] = tables;
  if (!base || !mine || !theirs || !isOneKind([base, mine, theirs])) return undefined;
  const isNamed = [base, mine, theirs].every(({ header }) => header !== undefined);
  const sides = { base: gridOf(base, isNamed), mine: gridOf(mine, isNamed), theirs: gridOf(theirs, isNamed) };
  const columns = mergeColumns([...sides.base.columns.keys()], {
    mine: [...sides.mine.columns.keys()],
    theirs: [...sides.theirs.columns.keys()],
  });
  const rows = columns && mergeRows(sides, columns);
  if (!rows) return "conflict";
  const lines = (isNamed ? [columns, ...rows] : rows).map((row) => row.join(base.delimiter));
  const hasLastEnd = mine.hasLastEnd === base.hasLastEnd ? theirs.hasLastEnd : mine.hasLastEnd;
  const merged = lines.join("\n") + (hasLastEnd ? "\n" : "");
  return keepsEachWord(versions, merged) ? { text: merged } : "conflict";
}

/** Without names, columns that come and go can't be told apart. */
function isOneKind([base, mine, theirs]: readonly [CsvTable, CsvTable, CsvTable]): boolean {
  if (base.delimiter !== mine.delimiter || base.delimiter !== theirs.delimiter) return false;
  const widths = new Set([base, mine, theirs].map(({ rows }) => rows[0]?.length));
  return widths.size === 1 || [base, mine, theirs].every(({ header }) => header !== undefined);
}

function gridOf(table: CsvTable, isNamed: boolean): Grid {
  const columns = new Map(columnsOf(table, isNamed).map((name, index) => [name, index]));
  return { columns, rows: isNamed ? table.rows.slice(1) : table.rows };
}

/** The rows of the merge, with these columns; undefined for a conflict. */
function mergeRows({ base, mine, theirs }: Sides, columns: readonly string[]): string[][] | undefined {
  const [here, there] = [align(base, mine), align(base, theirs)];
  if (!here || !there) return undefined;
  const merged: string[][] = [];
  for (let row = 0; row <= base.rows.length; row += 1) {
    const added = mergeInserted([insertedRows(mine, here, row, columns), insertedRows(theirs, there, row, columns)]);
    if (added === undefined) return undefined;
    merged.push(...added);
    if (row === base.rows.length) break;
    const kept = mergeRow(
      {
        base: cellsOf(base, row),
        mine: cellsOf(mine, here.positions[row]),
        theirs: cellsOf(theirs, there.positions[row]),
      },
      columns,
    );
    if (kept === "conflict") return undefined;
    if (kept !== "gone") merged.push(kept);
  }
  return merged;
}

function align(base: Grid, side: Grid): Alignment | undefined {
  const common = [...base.columns.keys()].filter((name) => side.columns.has(name));
  const project = (grid: Grid): string[][] =>
    grid.rows.map((row) => common.map((name) => row[grid.columns.get(name) ?? -1] ?? ""));
  return alignRows(project(base), project(side));
}

type Cells = ReadonlyMap<string, string>;

function cellsOf({ columns, rows }: Grid, row: number | undefined): Cells | undefined {
  const cells = row === undefined ? undefined : rows[row];
  return cells && new Map([...columns].map(([name, index]) => [name, cells[index] ?? ""]));
}

/** A side's new rows before a row of the base; undefined when they say something in a column that is no more. */
function insertedRows(side: Grid, { inserted }: Alignment, before: number, columns: readonly string[]) {
  const rows = (inserted.get(before) ?? []).map((row) => cellsOf(side, row) as Cells);
  const kept = new Set(columns);
  const isWhole = rows.every((cells) => [...cells].every(([name, cell]) => cell === "" || kept.has(name)));
  return isWhole ? rows.map((cells) => columns.map((name) => cells.get(name) ?? "")) : undefined;
}

function mergeInserted([mine, theirs]: readonly (string[][] | undefined)[]): string[][] | undefined {
  if (!mine || !theirs || mine.length === 0 || theirs.length === 0) return mine && theirs && [...mine, ...theirs];
  return JSON.stringify(mine) === JSON.stringify(theirs) ? mine : undefined;
}

/** One row of the base, cell by cell. A side that changed a row which the other took away, or a cell of a column that is no more, is in conflict. */
function mergeRow(
  { base, mine, theirs }: { base: Cells | undefined; mine: Cells | undefined; theirs: Cells | undefined },
  columns: readonly string[],
): string[] | "gone" | "conflict" {
  if (!base) throw new Error("a row of the base is not there");
  const says = (side: Cells): boolean => [...side].some(([name, cell]) => cell !== (base.get(name) ?? ""));
  if (!mine || !theirs) {
    const only = mine ?? theirs;
    return only && says(only) ? "conflict" : "gone";
  }
  const kept = new Set(columns);
  const lost = [mine, theirs].some((side) =>
    [...side].some(([name, cell]) => !kept.has(name) && cell !== (base.get(name) ?? "")),
  );
  if (lost) return "conflict";
  const cells = columns.map((name) => {
    const [before, here, there] = [base.get(name), mine.get(name), theirs.get(name)];
    if (here === there || there === undefined || there === before) return here ?? there ?? "";
    return here === undefined || here === before ? there : undefined;
  });
  return cells.every((cell) => cell !== undefined) ? cells : "conflict";
}
