/** A table as it stands in a text; each cell just as it was written. Every row has as many cells as there are columns. */
export interface CsvTable {
  readonly delimiter: string;
  /** The names in the first row; undefined where they can't be the names of columns: one is empty, or there twice. */
  readonly header: readonly string[] | undefined;
  /** All rows, the first too. */
  readonly rows: readonly (readonly string[])[];
  /** Whether the last line ends. */
  readonly hasLastEnd: boolean;
}

const delimiters = [",", ";", "\t"];

/** Reads RFC 4180 with plain line ends. Undefined for what isn't a table: rows of different lengths, stray quotes, a single column. */
export function parseCsv(text: string): CsvTable | undefined {
  if (text === "" || text.includes("\r")) return undefined;
  const firstLine = text.split("\n", 1)[0] ?? "";
  const counts = delimiters.map((delimiter) => firstLine.split(delimiter).length);
  const delimiter = delimiters[counts.indexOf(Math.max(...counts))] as string;
  const rows = rowsOf(text, delimiter);
  const [first] = rows ?? [];
  if (!rows || !first || first.length < 2 || rows.some((row) => row.length !== first.length)) return undefined;
  const names = new Set(first);
  const isHeader = names.size === first.length && !names.has("");
  return { delimiter, header: isHeader ? first : undefined, rows, hasLastEnd: text.endsWith("\n") };
}

function rowsOf(text: string, delimiter: string): string[][] | undefined {
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"\\n${delimiter}][^\\n${delimiter}]*|)(${delimiter}|\\n|$)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  while (cell.lastIndex < text.length || row.length > 0) {
    const found = cell.exec(text);
    if (!found) return undefined;
    row.push(found[1] ?? "");
    if (found[2] === delimiter) continue;
    rows.push(row);
    row = [];
    if (found[2] === "") break;
  }
  return rows;
}
