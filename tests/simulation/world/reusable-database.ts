import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** The rows of all tables. */
export type Backup = ReadonlyMap<string, readonly (readonly SQLInputValue[])[]>;

/** What a database is for, which decides its tables. */
type Purpose = "server" | "device";

const idle: Record<Purpose, ReusableDatabase[]> = { server: [], device: [] };
/** Rows that belong to the schema, and stay. */
const schemaTables = new Set(["schema_version"]);

/**
 * A database in memory that many lives use, one after the other. Making tables and compiling statements costs more than most lives do in them: so both stay, and only the rows go.
 */
export class ReusableDatabase extends DatabaseSync {
  readonly #compiled = new Map<string, StatementSync>();
  readonly #purpose: Purpose;

  private constructor(purpose: Purpose) {
    super(":memory:");
    this.#purpose = purpose;
  }

  /** One that is free, with all tables empty, or a new one without any. Give it back by {@link release}. */
  static take(purpose: Purpose): ReusableDatabase {
    return idle[purpose].pop() ?? new ReusableDatabase(purpose);
  }

  override prepare(sql: string): StatementSync {
    let statement = this.#compiled.get(sql);
    if (!statement) this.#compiled.set(sql, (statement = super.prepare(sql)));
    return statement;
  }

  /** The program that used it has ended: what it had not committed is gone, the rest stays. */
  override close(): void {
    if (this.isTransaction) this.exec("ROLLBACK");
  }

  copyRows(): Backup {
    const rowsOf = (table: string) =>
      this.prepare(`SELECT * FROM "${table}"`)
        .all()
        .map((row) => Object.values(row) as SQLInputValue[]);
    return new Map(this.#tables().map((table) => [table, rowsOf(table)]));
  }

  /** Puts rows in the place of all that are there. */
  putRows(backup: Backup): void {
    this.#empty();
    this.exec("PRAGMA foreign_keys = OFF");
    for (const [table, rows] of backup) {
      const [first] = rows;
      if (!first) continue;
      const insert = this.prepare(`INSERT INTO "${table}" VALUES (${first.map(() => "?").join(", ")})`);
      for (const row of rows) insert.run(...row);
    }
    this.exec("PRAGMA foreign_keys = ON");
  }

  /** Empties all tables, for the next life. */
  release(): void {
    this.close();
    this.#empty();
    idle[this.#purpose].push(this);
  }

  #empty(): void {
    this.exec("PRAGMA foreign_keys = OFF");
    for (const table of this.#tables()) this.prepare(`DELETE FROM "${table}"`).run();
    this.exec("PRAGMA foreign_keys = ON");
  }

  #tables(): string[] {
    const tables = this.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.map(({ name }) => String(name)).filter((name) => !schemaTables.has(name));
  }
}
