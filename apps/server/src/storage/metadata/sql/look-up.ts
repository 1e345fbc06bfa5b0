import type { SqlDialect } from "./sql-database.ts";

/**
 * Joins a table row by row to what stands before it, through an index: `where` compares its key with columns of that. Both planners are made to do so whatever they believe of sizes: SQLite by CROSS JOIN, PostgreSQL by a lateral question that it can't
 * merge into the others. (Left alone, PostgreSQL took the table for small while it grew, and read all of it for each row of a list.) With `lock`, the rows are locked there.
 */
export function lookUp(
  dialect: SqlDialect,
  { table, where, lock = false }: { readonly table: string; readonly where: string; readonly lock?: boolean },
): string {
  const [, alias = table] = table.split(" ");
  if (dialect === "sqlite") return `CROSS JOIN ${table} ON ${where}`;
  return `CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE ${where} ${lock ? "FOR UPDATE" : "OFFSET 0"}) AS ${alias}`;
}
