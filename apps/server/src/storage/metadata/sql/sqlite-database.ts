import { DatabaseSync, type StatementSync } from "node:sqlite";
import { toProblem } from "./sqlite-problem.ts";
import type { InsertStatement, SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";

/** How long a statement waits for another process, such as a `satchel admin` command, in milliseconds. */
const busyTimeoutMs = 10_000;
/** The most transactions that share one commit. */
const maxGroupSize = 256;
/** The page cache, in KiB (SQLite takes negative numbers so). */
const cacheKiB = 32 * 1024;
/** Of a connection beside it that only reads. */
const readingCacheKiB = 16 * 1024;
/** A checkpoint for every 16 MiB of log: a burst writes the same pages again and again, and each checkpoint writes them once more, and flushes. */
const checkpointPages = 4096;

export interface SqliteOptions {
  /** The file, or `:memory:`; or an open database, which a simulation uses again and again. */
  readonly path: string | DatabaseSync;
  /** Runs the waiting transactions a moment later; what arrives until then shares their commit. In a worker that is `setImmediate`; by default a microtask, which needs no clock. */
  readonly schedule?: (run: () => void) => void;
  /** Beside a connection that writes: sees what that has committed, each read one snapshot. */
  readonly readOnly?: boolean;
}

/**
 * SQLite in this thread. Calls block it, fsync included. Work is carried out one at a time in the order of the calls; transactions that wait together share one BEGIN and COMMIT, each in a savepoint of its own where they are several,
 * since the commit's fsync is what they cost. WAL with synchronous=FULL flushes the log at every commit: what was answered survives a power cut.
 */
export function openSqliteDatabase(options: SqliteOptions): SqlDatabase {
  const connection = options.readOnly ? openReading(options.path) : openConnection(options.path);
  const session = new SqliteSession(connection);
  const control = prepareControl(connection);
  const schedule = options.schedule ?? queueMicrotask;
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;

  const enqueue = <Result>(kind: Job["kind"], work: (session: SqlSession) => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const run = async () => {
        const result = await work(session);
        return () => resolve(result);
      };
      waiting.push({ kind, run, reject: (error) => reject(toProblem(error)) });
      draining ??= new Promise<void>((drained) => {
        schedule(() => drained(drain()));
      });
    });

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const first = waiting[0];
      if (first?.kind === "read") await runRead(control, takeFirst(waiting));
      else await runGroup(control, takeWrites(waiting));
    }
    draining = undefined;
  };

  return {
    dialect: "sqlite",
    transaction: (work) => enqueue("write", work),
    read: (work) => enqueue("read", work),
    close: async () => {
      await draining;
      if (connection.isOpen) connection.close();
    },
  };
}

function openConnection(path: string | DatabaseSync): DatabaseSync {
  const connection = typeof path === "string" ? new DatabaseSync(path, { timeout: busyTimeoutMs }) : path;
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
  connection.exec("PRAGMA foreign_keys = ON");
  connection.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA cache_size = -${cacheKiB}`);
  return connection;
}

function openReading(path: string | DatabaseSync): DatabaseSync {
  const connection =
    typeof path === "string" ? new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: true }) : path;
  connection.exec(`PRAGMA cache_size = -${readingCacheKiB}`);
  return connection;
}

interface Job {
  readonly kind: "read" | "write";
  /** Does the work; what it answers settles the caller's promise, and is called once the work is durable. */
  readonly run: () => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

function takeFirst(waiting: Job[]): Job {
  const job = waiting.shift();
  if (!job) throw new Error("nothing is waiting");
  return job;
}

function takeWrites(waiting: Job[]): Job[] {
  const end = waiting.findIndex((job) => job.kind === "read");
  return waiting.splice(0, Math.min(end < 0 ? waiting.length : end, maxGroupSize));
}

/** Begins and ends transactions. Compiled once: four of these surround the few statements of most transactions. */
interface Control {
  readonly connection: DatabaseSync;
  readonly begin: StatementSync;
  readonly beginWriting: StatementSync;
  readonly commit: StatementSync;
  readonly openJob: StatementSync;
  readonly releaseJob: StatementSync;
}

function prepareControl(connection: DatabaseSync): Control {
  return {
    connection,
    begin: prepareChange(connection, "BEGIN"),
    beginWriting: prepareChange(connection, "BEGIN IMMEDIATE"),
    commit: prepareChange(connection, "COMMIT"),
    openJob: prepareChange(connection, "SAVEPOINT job"),
    releaseJob: prepareChange(connection, "RELEASE job"),
  };
}

async function runRead(control: Control, job: Job): Promise<void> {
  try {
    control.begin.run();
    const settle = await job.run();
    control.commit.run();
    settle();
  } catch (error) {
    rollBack(control);
    job.reject(error);
  }
}

async function runGroup(control: Control, group: readonly Job[]): Promise<void> {
  const done: { job: Job; settle: () => void }[] = [];
  try {
    control.beginWriting.run();
    for (const job of group) {
      // One that is alone is taken back with the whole transaction; a savepoint costs a copy of each page that is changed after it began.
      const settle = await (group.length === 1 ? job.run() : runInSavepoint(control, job));
      if (settle) done.push({ job, settle });
    }
    control.commit.run();
  } catch (error) {
    rollBack(control);
    const failed = new Set(group);
    // Those that were refused in their savepoint have their answer; rejecting them again changes nothing.
    for (const job of failed) job.reject(error);
    return;
  }
  for (const { settle } of done) settle();
}

async function runInSavepoint(control: Control, job: Job): Promise<(() => void) | undefined> {
  const { connection } = control;
  control.openJob.run();
  try {
    const settle = await job.run();
    control.releaseJob.run();
    return settle;
  } catch (error) {
    // A full disk may have rolled everything back; then the group fails as a whole.
    if (!connection.isTransaction) throw error;
    connection.exec("ROLLBACK TO job");
    connection.exec("RELEASE job");
    job.reject(error);
    return undefined;
  }
}

function rollBack({ connection }: Control): void {
  if (connection.isTransaction) connection.exec("ROLLBACK");
}

/**
 * With its own way to write parameters. SQLite looks at the value of a parameter that is a bare LIMIT while it plans, and therefore plans anew at every execution: ten times the cost of most queries. That of a
 * sum it doesn't look at. (`sqlite3ExprIsInteger` in its where.c.)
 */
function toSqlite(sql: string): string {
  return sql.replaceAll(/\$(\d+)/g, "?$1").replaceAll(/\bLIMIT (\?\d+)/g, "LIMIT $1 + 0");
}

class SqliteSession implements SqlSession {
  readonly dialect = "sqlite";
  readonly #connection: DatabaseSync;
  readonly #queries = new Map<string, StatementSync>();
  readonly #changes = new Map<string, StatementSync>();
  readonly #inserts = new Map<InsertStatement, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  async all<Row extends object>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    let statement = this.#queries.get(sql);
    if (!statement) this.#queries.set(sql, (statement = this.#connection.prepare(toSqlite(sql))));
    return statement.all(...parameters) as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    let statement = this.#changes.get(sql);
    if (!statement) this.#changes.set(sql, (statement = prepareChange(this.#connection, toSqlite(sql))));
    return Number(statement.run(...parameters).changes);
  }

  async insert(statement: InsertStatement, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    if (rows.length === 0) return;
    const prepared = this.#prepareInsert(statement);
    for (const row of rows) prepared.run(...row);
  }

  #prepareInsert(insert: InsertStatement): StatementSync {
    let statement = this.#inserts.get(insert);
    if (!statement) {
      const names = Object.keys(insert.columns);
      const values = names.map((_, index) => `?${index + 1}`).join(", ");
      const text = `INSERT INTO ${insert.table} (${names.join(", ")}) VALUES (${values}) ${insert.conflict}`;
      statement = prepareChange(this.#connection, text);
      this.#inserts.set(insert, statement);
    }
    return statement;
  }
}

/** Whatever it changes, it also tells the last row's number, which inside of FTS5 is more than a JavaScript number holds: Node would throw. */
function prepareChange(connection: DatabaseSync, sql: string): StatementSync {
  const statement = connection.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}
