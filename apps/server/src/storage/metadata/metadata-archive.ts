import type { SqlValue } from "./sql/sql-database.ts";

export type SnapshotRow = Readonly<Record<string, SqlValue>>;

/** Some rows of a table, in the order of its key. */
export interface SnapshotPage {
  readonly table: string;
  readonly rows: readonly SnapshotRow[];
}

/** All of the metadata at once, for backups; in the same form whatever the database is. */
export interface MetadataArchive {
  /** Of the database's tables; a snapshot is loaded by the same program, or a newer one. */
  readonly schema: number;
  /** The metadata as it is at one instant, page by page, while the server goes on writing. `visit` is awaited: memory holds one page. */
  read(visit: (page: SnapshotPage) => Promise<void>): Promise<void>;
  /** Whether there is no account yet. */
  isEmpty(): Promise<boolean>;
  /**
   * Fills an empty database with a snapshot that was read at schema `schema`, and brings it up to date. A program that dies on the way leaves it empty.
   * @throws DatabaseInUseError when it has accounts; DatabaseNewerError when the snapshot comes from a newer program
   */
  load(snapshot: { readonly schema: number; readonly pages: AsyncIterable<SnapshotPage> }): Promise<void>;
  close(): Promise<void>;
}

/** The database that a snapshot is loaded into has accounts already. */
export class DatabaseInUseError extends Error {
  override readonly name = "DatabaseInUseError";
}
