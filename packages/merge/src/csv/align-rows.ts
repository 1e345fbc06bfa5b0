import { findChanges } from "../sequence/changes.ts";

type Row = readonly string[];

/** Which row of a side is which of the base. */
export interface Alignment {
  /** Of each row of the base its position in the side; undefined where it is gone. */
  readonly positions: readonly (number | undefined)[];
  /** New rows by the row of the base that they come before; the base's length for those at the end. */
  readonly inserted: ReadonlyMap<number, readonly number[]>;
}

/**
 * Finds the rows of a base in a side, by the cells of the columns that both have. A row that was changed is known by its first cell, or by at least half of its cells, among the rows between two that were not changed. [MG15]
 *
 * @returns undefined when they are too different
 */
export function alignRows(base: readonly Row[], side: readonly Row[]): Alignment | undefined {
  const changes = findChanges(base.map(keyOf), side.map(keyOf));
  if (!changes) return undefined;
  const positions: (number | undefined)[] = [];
  const inserted = new Map<number, number[]>();
  let shift = 0;
  for (const { start, end, tokens } of changes) {
    while (positions.length < start) positions.push(positions.length + shift);
    let next = start + shift;
    const stop = next + tokens.length;
    for (let row = start; row < end; row += 1) {
      const found = findRow(base[row] as Row, side, [next, stop]);
      positions.push(found);
      if (found === undefined) continue;
      insert(inserted, row, [next, found]);
      next = found + 1;
    }
    insert(inserted, end, [next, stop]);
    shift += tokens.length - (end - start);
  }
  while (positions.length < base.length) positions.push(positions.length + shift);
  return { positions, inserted };
}

function keyOf(row: Row): string {
  return row.join("\0");
}

function findRow(row: Row, side: readonly Row[], [from, to]: readonly [number, number]): number | undefined {
  for (let at = from; at < to; at += 1) {
    const other = side[at] as Row;
    const equal = row.filter((cell, index) => cell !== "" && cell === other[index]).length;
    if ((row[0] !== "" && row[0] === other[0]) || equal * 2 >= row.length) return at;
  }
  return undefined;
}

function insert(inserted: Map<number, number[]>, before: number, [from, to]: readonly [number, number]): void {
  if (from >= to) return;
  const rows = inserted.get(before) ?? [];
  for (let at = from; at < to; at += 1) rows.push(at);
  inserted.set(before, rows);
}
