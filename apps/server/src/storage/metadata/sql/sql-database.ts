/** What a column of either database gives and takes. Booleans are 0 and 1, JSON is text, instants are milliseconds. */
export type SqlValue = string | number | null | Uint8Array;

export type SqlDialect = "sqlite" | "postgres";

/** What a column of a list is made of; `bytes` are passed as lower-case hex. */
export type ListType = "text" | "int" | "bytes";

/** A statement that inserts any number of rows, the same on both databases; build it once, with {@link defineInsert}. */
export interface InsertStatement {
  readonly table: string;
  readonly columns: Readonly<Record<string, ListType>>;
  /** What follows the values, such as an `ON CONFLICT` clause; empty for none. */
  readonly conflict: string;
}

/**
 * Statements inside one transaction. Parameters are `$1`, `$2` … in both dialects, and the texts come from a fixed set, since each is prepared once and kept.
 * Calls that depend on nothing of each other may be started together; they are carried out in the order of the calls.
 */
export interface SqlSession {
  readonly dialect: SqlDialect;
  all<Row extends object>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** Answers how many rows were changed. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
  /** Rows hold their values in the order of the statement's columns. No two rows may have the same key. */
  insert(statement: InsertStatement, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

/**
 * One database. A transaction is serialisable as far as the store needs it: writers of one workspace exclude each other (the whole database's on SQLite, the workspace's row lock on
 * PostgreSQL), and a read sees one snapshot. What `transaction` has answered is durable.
 */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  /** Commits what `work` did, or nothing when it throws. `work` may run more than once (after a deadlock), so it touches nothing outside. */
  transaction<Result>(work: (session: SqlSession) => Promise<Result>): Promise<Result>;
  read<Result>(work: (session: SqlSession) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export function defineInsert(
  table: string,
  columns: Readonly<Record<string, ListType>>,
  conflict = "",
): InsertStatement {
  return { table, columns, conflict };
}
