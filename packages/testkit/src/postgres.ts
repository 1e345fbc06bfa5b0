import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { binariesOrThrow, startCluster } from "./postgres-cluster.ts";

/** A PostgreSQL for one test file. */
export interface RunningPostgres extends AsyncDisposable {
  /** An empty database of its own, `postgres://…`. */
  readonly url: string;
  /** Makes one more empty database and returns its URL. It goes away with `stop()`. */
  createDatabase(): Promise<string>;
  /** Drops its databases, ends the server if it was started for this, removes its files. Stopping twice is no error. */
  stop(): Promise<void>;
}

/** Names the server that `npm test` keeps running for all test files, `postgres://…`; unset: start one here. */
export const SHARED_POSTGRES_VARIABLE = "SATCHEL_TEST_POSTGRES";

/**
 * A real PostgreSQL with an empty database, in a fraction of a second where the test run keeps one server for all,
 * else in about two. A server of its own is private (a temporary directory, a free port of 127.0.0.1) and does not
 * outlive this process, however the process ends. Durability is off: it is for tests.
 *
 * @throws when PostgreSQL is not installed, saying how to get it
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const shared = process.env[SHARED_POSTGRES_VARIABLE];
  const cluster = shared === undefined ? await startCluster() : undefined;
  const server = new URL(cluster?.url ?? (shared as string));
  const databases: string[] = [];

  const createDatabase = async (): Promise<string> => {
    const name = `test_${randomBytes(8).toString("hex")}`;
    await runSql(server, `create database ${name}`);
    databases.push(name);
    return databaseUrl(server, name);
  };
  const stop = async (): Promise<void> => {
    if (cluster !== undefined) return cluster.stop();
    for (let name = databases.pop(); name !== undefined; name = databases.pop()) {
      await runSql(server, `drop database if exists ${name} with (force)`);
    }
  };

  try {
    const url = await createDatabase();
    return { url, createDatabase, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function databaseUrl(server: URL, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Has a server do something. Through psql, so that this package needs no driver. */
export async function runSql(server: URL, sql: string): Promise<void> {
  const psql = `${binariesOrThrow()}/psql`;
  await promisify(execFile)(psql, ["--no-psqlrc", "--quiet", "--dbname", server.href, "--command", sql]);
}
