export interface TablePart {
  readonly rows: readonly (readonly string[])[];
  /** There are more rows, or columns, than were taken. */
  readonly isCut: boolean;
}

/** What a browser lays out in one go without being felt. */
export const maxTableRows = 1000;
const maxTableColumns = 100;

/** The rows of comma-separated values (RFC 4180), or of those parted by semicolons or tabs, whichever the first line has most of. */
export function parseTable(text: string): TablePart {
  const delimiter = findDelimiter(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let isCut = false;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length && rows.length < maxTableRows) {
    const field = readField(text, at, delimiter);
    if (row.length < maxTableColumns) row.push(field.value);
    else isCut = true;
    at = field.end;
    if (text[at] === delimiter) {
      at += 1;
      // A delimiter at the very end is followed by an empty field.
      if (at < text.length) continue;
      row.push("");
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    rows.push(row);
    row = [];
  }
  return { rows, isCut: isCut || at < text.length };
}

function readField(text: string, start: number, delimiter: string): { readonly value: string; readonly end: number } {
  let value = "";
  let at = start;
  if (text[at] === '"') {
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return { value: value + text.slice(at), end: text.length };
      value += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      // Two stand for one.
      value += '"';
      at += 1;
    }
  }
  const rest = at;
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return { value: value + text.slice(rest, at), end: at };
}

function findDelimiter(text: string): string {
  const [line = ""] = text.split("\n", 1);
  const count = (delimiter: string): number => line.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
