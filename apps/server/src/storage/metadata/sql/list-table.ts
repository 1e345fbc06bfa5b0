import type { ListType, SqlDialect } from "./sql-database.ts";

/**
 * A table expression over a list that was given as one JSON parameter (see {@link listParameter}), so that a statement about many rows has one text whatever their number. It is written first in a join, with
 * CROSS JOIN behind it: SQLite then looks each of its rows up, instead of guessing.
 */
export function listTable(
  dialect: SqlDialect,
  parameter: string,
  alias: string,
  columns: Readonly<Record<string, ListType>>,
): string {
  const names = Object.keys(columns);
  if (dialect === "sqlite") {
    const picked = names.map((name) => `${sqliteValue(name, columns[name])} AS ${name}`);
    return `(SELECT ${picked.join(", ")} FROM json_each(${parameter})) AS ${alias}`;
  }
  const picked = names.map((name) => (columns[name] === "bytes" ? `decode(${name}, 'hex') AS ${name}` : name));
  return `(SELECT ${picked.join(", ")} FROM json_to_recordset(${parameter}::json) AS given(${postgresColumns(columns)})) AS ${alias}`;
}

/**
 * Is a row of the statement's own table, by these columns, in the list? On PostgreSQL the columns are matched each for itself, which reads the table by index whatever the planner believes: the last column has to be unique on its own, as version ids are.
 */
export function inList(dialect: SqlDialect, parameter: string, columns: Readonly<Record<string, ListType>>): string {
  const names = Object.keys(columns);
  const picked = (name: string) => `SELECT list.${name} FROM ${listTable(dialect, parameter, "list", columns)}`;
  if (dialect === "postgres") return names.map((name) => `${name} = ANY (ARRAY(${picked(name)}))`).join(" AND ");
  return `(${names.join(", ")}) IN (${picked(names.join(", list."))})`;
}

/** The definition list of `json_to_recordset` for these columns. */
export function postgresColumns(columns: Readonly<Record<string, ListType>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${type === "int" ? "bigint" : 'text COLLATE "C"'}`)
    .join(", ");
}

/** The parameter that a {@link listTable} is over; bytes as lower-case hex. */
export function listParameter(rows: readonly Readonly<Record<string, string | number | null>>[]): string {
  return JSON.stringify(rows);
}

function sqliteValue(name: string, type: ListType | undefined): string {
  return type === "bytes" ? `unhex(value->>'${name}')` : `value->>'${name}'`;
}
