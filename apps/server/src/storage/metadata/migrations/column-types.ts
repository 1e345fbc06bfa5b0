import type { SqlDialect } from "../sql/sql-database.ts";

/** The words in which the databases differ when a table is made. */
export interface ColumnTypes {
  /** Compared byte by byte on both. */
  readonly text: string;
  /** 64 bits; the store keeps to what a JavaScript number holds exactly. */
  readonly int: string;
  readonly bytes: string;
  /** Behind a table whose rows are small and read in key order: SQLite then keeps them in the key's own tree. */
  readonly clustered: string;
}

export function columnTypes(dialect: SqlDialect): ColumnTypes {
  return dialect === "sqlite"
    ? { text: "TEXT", int: "INTEGER", bytes: "BLOB", clustered: "WITHOUT ROWID" }
    : { text: 'TEXT COLLATE "C"', int: "BIGINT", bytes: "BYTEA", clustered: "" };
}
