import { Pool, types, type Client, type PoolClient, type QueryConfig, type QueryResult } from "pg";
import { AnswerWatch } from "./answer-watch.ts";
import { postgresColumns } from "./list-table.ts";
import { ProblemError } from "@satchel/protocol";
import { isTransient, needsAnotherServer, toProblem } from "./postgres-problem.ts";
import type { InsertStatement, SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";

/** How often a transaction is run that others make fail, before its caller hears of it. */
const maxAttempts = 8;
/** The longest that one statement may take, in milliseconds, unless its owner says less. */
const defaultStatementTimeoutMs = 60_000;
/** The longest that a transaction may wait for its own next statement: a program that hangs must not hold a workspace's lock. */
const idleInTransactionTimeoutMs = 30_000;
/** How much later than the server itself would have cancelled a statement its connection is given up, in milliseconds. */
const answerGraceMs = 3000;
/** The longest that a transaction waits for a connection, of its pool or a new one. */
const defaultConnectTimeoutMs = 10_000;
const defaultPoolSize = 10;
/** The most transactions that wait for a connection of the pool; beyond, callers are sent away at once instead of after {@link defaultConnectTimeoutMs}. */
const maxWaiting = 1000;
/**
 * The planner can't know how long a list is, and guesses thousands for what asks recursively: left alone it compiles the plan (0.2 s for a commit that takes 2 ms) and reads whole tables to join them. The store's questions are all about few rows by key; see also `lookUp`.
 */
const plannerSettings = "-c jit=off -c enable_hashjoin=off -c enable_mergejoin=off";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** The most connections that this process opens. */
  readonly poolSize?: number;
  /** `fresh`: a plan for each execution, where what is asked for decides how it is found best. */
  readonly plans?: "kept" | "fresh";
  /** One that takes longer is cancelled, and its caller hears `unavailable`; from a server that vanished without a word, three seconds later. */
  readonly statementTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/**
 * PostgreSQL through a pool of connections. Statements that were started together travel in one round trip (pg's pipeline), each prepared once a connection. That is sound because each is followed by its own Sync: when one fails, those behind it
 * in the transaction fail too, and COMMIT is sent only once all have succeeded.
 */
export function openPostgresDatabase({
  url,
  poolSize = defaultPoolSize,
  plans = "kept",
  statementTimeoutMs = defaultStatementTimeoutMs,
  connectTimeoutMs = defaultConnectTimeoutMs,
}: PostgresOptions): SqlDatabase {
  const settings = {
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    pipeline: true,
    options: plans === "fresh" ? `${plannerSettings} -c plan_cache_mode=force_custom_plan` : plannerSettings,
    types: { getTypeParser: typeParser },
  };
  const pool = new Pool(settings);
  // A lost connection fails the statements on it; the events of their own have nobody to tell.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const names = new Map<string, string>();

  const runOnce = async <Result>(begin: string, work: (session: SqlSession) => Promise<Result>): Promise<Result> => {
    if (pool.waitingCount >= maxWaiting)
      throw new ProblemError("unavailable", "The database has too much to do", { retryAfterSeconds: 1 });
    const client = await pool.connect();
    using answers = new AnswerWatch(statementTimeoutMs + answerGraceMs, () => cutOff(client));
    const ask: Ask = (question) => answers.during(client.query(question));
    try {
      const result = await runTransaction(ask, begin, () => work(new PostgresSession(ask, names)));
      client.release();
      return result;
    } catch (error) {
      client.release(needsAnotherServer(error) || !(await rollBack(ask)));
      throw error;
    }
  };

  const run = async <Result>(begin: string, work: (session: SqlSession) => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runOnce(begin, work);
      } catch (error) {
        if (!isTransient(error) || attempt === maxAttempts) throw toProblem(error);
      }
    }
  };

  return {
    dialect: "postgres",
    transaction: (work) => run("BEGIN", work),
    read: (work) => run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work),
    close: () => pool.end(),
  };
}

/** Sends a statement, and gives the connection up when the server is silent for too long. */
type Ask = (question: string | QueryConfig) => Promise<QueryResult>;

/** What the connection owes fails, as on any that was lost. */
function cutOff(client: PoolClient): void {
  const { connection } = client as PoolClient & Pick<Client, "connection">;
  connection.stream.destroy();
}

/** BEGIN travels with the work's first statement. */
async function runTransaction<Result>(ask: Ask, begin: string, work: () => Promise<Result>): Promise<Result> {
  const [begun, outcome] = await Promise.allSettled([ask(begin), work()]);
  if (begun.status === "rejected") throw begun.reason;
  if (outcome.status === "rejected") throw outcome.reason;
  const { command } = await ask("COMMIT");
  if (command !== "COMMIT") throw new Error(`the database answered COMMIT with ${command}`);
  return outcome.value;
}

/** Answers whether the connection can be used again. */
async function rollBack(ask: Ask): Promise<boolean> {
  try {
    await ask("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

/** The object id of PostgreSQL's 64-bit integer, which pg gives as text; the store's integers fit a number. */
const int8 = 20;

function typeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  if (oid === int8 && format !== "binary") return Number;
  return types.getTypeParser(oid, format) as (value: string) => unknown;
}

class PostgresSession implements SqlSession {
  readonly dialect = "postgres";
  readonly #ask: Ask;
  /** The name that each statement is prepared under, the same on all connections. */
  readonly #names: Map<string, string>;

  constructor(ask: Ask, names: Map<string, string>) {
    this.#ask = ask;
    this.#names = names;
  }

  async all<Row extends object>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.#query(sql, parameters)).rows as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return (await this.#query(sql, parameters)).rowCount ?? 0;
  }

  async insert(statement: InsertStatement, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    if (rows.length === 0) return;
    const names = Object.keys(statement.columns);
    const picked = names.map((name) => (statement.columns[name] === "bytes" ? `decode(${name}, 'hex')` : name));
    const sql = `INSERT INTO ${statement.table} (${names.join(", ")}) SELECT ${picked.join(", ")} FROM json_to_recordset($1::json) AS list(${postgresColumns(statement.columns)}) ${statement.conflict}`;
    await this.#query(sql, [encodeRows(names, rows)]);
  }

  #query(text: string, values: readonly SqlValue[]): Promise<QueryResult> {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = `satchel_${this.#names.size}`;
      this.#names.set(text, name);
    }
    return this.#ask({ name, text, values: [...values] });
  }
}

function encodeRows(names: readonly string[], rows: readonly (readonly SqlValue[])[]): string {
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, toJson(row[index] ?? null)]))),
  );
}

function toJson(value: SqlValue): string | number | null {
  return value instanceof Uint8Array ? value.toHex() : value;
}
