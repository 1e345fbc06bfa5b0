import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** The rows of all tables. */
export type Backup = ReadonlyMap<string, readonly (readonly SQLInputValue[])[]>;

/** What a database is for, which decides its tables. */
type Purpose = "server" | "device";

/** A quarter of what SQLite takes otherwise. */
const pageBytes = 1024;

const idle: Record<Purpose, ReusableDatabase[]> = { server: [], device: [] };
/** Rows that belong to the schema, and stay. */
const schemaTables = new Set(["schema_version"]);

/**
 * A database in memory that many lives use, one after the other. Making tables and compiling statements costs more than most lives do in them: so both stay, and only the rows go. A pragma that sets a flag,
 * such as `foreign_keys`, makes SQLite compile every statement anew, which was half the cost of a life: none is given twice.
 */
export class ReusableDatabase extends DatabaseSync {
  readonly #compiled = new Map<string, StatementSync>();
  readonly #purpose: Purpose;
  /** Pragmas that hold already. */
  readonly #set = new Set<string>();
  /** Parents before children, as of one version of the schema. */
  #tables: { readonly version: unknown; readonly names: readonly string[] } | undefined;

  private constructor(purpose: Purpose) {
    super(":memory:");
    // Before a page is changed it is copied, and a life changes a few rows in each of many tables.
    super.exec(`PRAGMA page_size = ${pageBytes}`);
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

  override exec(sql: string): void {
    if (sql.startsWith("PRAGMA ")) {
      if (this.#set.has(sql)) return;
      this.#set.add(sql);
    }
    super.exec(sql);
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
    return new Map(this.#listTables().map((table) => [table, rowsOf(table)]));
  }

  /** Puts rows in the place of all that are there. */
  putRows(backup: Backup): void {
    this.#empty();
    this.prepare("BEGIN").run();
    for (const [table, rows] of backup) {
      const [first] = rows;
      if (!first) continue;
      const insert = this.prepare(`INSERT INTO "${table}" VALUES (${first.map(() => "?").join(", ")})`);
      for (const row of rows) insert.run(...row);
    }
    this.prepare("COMMIT").run();
  }

  /** Empties all tables, for the next life. */
  release(): void {
    this.close();
    this.#empty();
    idle[this.#purpose].push(this);
  }

  #empty(): void {
    const filled = this.#listFilled();
    this.prepare("BEGIN").run();
    for (const table of filled) this.prepare(`DELETE FROM "${table}"`).run();
    this.prepare("COMMIT").run();
  }

  /** The tables that have rows, children before parents. One question about all of them costs less than a deletion from each, and most lives fill few. */
  #listFilled(): string[] {
    const tables = this.#listTables().toReversed();
    if (tables.length === 0) return [];
    const questions = tables.map((table) => `SELECT '${table}' AS name WHERE EXISTS (SELECT 1 FROM "${table}")`);
    const filled = this.prepare(questions.join(" UNION ALL ")).all();
    return filled.map(({ name }) => String(name));
  }

  #listTables(): readonly string[] {
    const version = this.prepare("PRAGMA schema_version").get()?.schema_version;
    if (this.#tables?.version === version) return this.#tables?.names ?? [];
    const tables = this.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const unsorted = tables.map(({ name }) => String(name)).filter((name) => !schemaTables.has(name));
    const parents = this.prepare('SELECT "table" AS parent FROM pragma_foreign_key_list(?)');
    const names = parentsFirst(unsorted, (name) => parents.all(name).map(({ parent }) => String(parent)));
    this.#tables = { version, names };
    return names;
  }
}

function parentsFirst(names: readonly string[], parentsOf: (name: string) => readonly string[]): string[] {
  const sorted = new Set<string>();
  const add = (name: string, below: readonly string[]): void => {
    if (sorted.has(name) || below.includes(name)) return;
    for (const parent of parentsOf(name)) add(parent, [...below, name]);
    sorted.add(name);
  };
  for (const name of names) add(name, []);
  return [...sorted];
}
