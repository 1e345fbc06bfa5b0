import { findChanges } from "../sequence/changes.ts";
import { findRegions } from "../sequence/regions.ts";
import type { CsvTable } from "./parse-csv.ts";

/** A table's columns by name; by position where it has no names. */
export function columnsOf(table: CsvTable, isNamed: boolean): readonly string[] {
  return isNamed && table.header ? table.header : (table.rows[0] ?? []).map((_, index) => String(index));
}

/** The columns of a merge, in order; undefined for a conflict. [MG16] */
export function mergeColumns(
  base: readonly string[],
  { mine, theirs }: { readonly mine: readonly string[]; readonly theirs: readonly string[] },
): string[] | undefined {
  const [here, there] = [findChanges(base, mine), findChanges(base, theirs)];
  if (!here || !there) return undefined;
  const regions = findRegions({ base, mine: here, theirs: there }, (a, b) => a === b);
  if (regions.some(({ by }) => by === "conflict")) return undefined;
  const names = regions.flatMap((region) => (region.by === "theirs" ? region.theirs : region.mine));
  return new Set(names).size === names.length ? names : undefined;
}
