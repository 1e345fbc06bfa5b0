import type { AttemptCounter, AttemptStore, CountRequest } from "../attempt-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

interface Count {
  readonly failures: number;
  readonly last_at_ms: number;
}

/** An attempt adds at most three rows, and takes this many away that are empty: what is kept are the attempts of an hour. */
const forgottenAtOnce = 8;
const knownNetworksOfAccount = 100;

/** See AttemptStore. */
export function attemptStore(database: SqlDatabase): AttemptStore {
  return {
    async count(request) {
      // Whoever has to wait costs no write.
      const waitMs = await database.read((session) => longestWait(session, request));
      return waitMs > 0 ? waitMs : await database.transaction((session) => count(session, request));
    },
    takeBack: (request) => database.transaction((session) => takeBack(session, request)),
    isKnown: (network) =>
      database.read(async (session) => {
        const rows = await session.all("SELECT network FROM known_networks WHERE network = $1", [network]);
        return rows.length > 0;
      }),
  };
}

async function longestWait(session: SqlSession, { counters, nowMs }: CountRequest): Promise<number> {
  let longestMs = 0;
  for (const counter of counters) {
    const sql = "SELECT failures, last_at_ms FROM attempt_counts WHERE counter = $1";
    const [found] = await session.all<Count>(sql, [counter.key]);
    if (found) longestMs = Math.max(longestMs, waitOf(counter, found, nowMs));
  }
  return longestMs;
}

function waitOf({ free, firstWaitMs, maxWaitMs }: AttemptCounter, count: Count, nowMs: number): number {
  if (count.failures < free) return 0;
  const waitMs = Math.min(maxWaitMs, firstWaitMs * 2 ** (count.failures - free));
  return Math.max(0, count.last_at_ms + waitMs - nowMs);
}

/** The rows are locked before they are looked at, in one order for all, so that attempts at once wait for each other. */
async function count(session: SqlSession, request: CountRequest): Promise<number> {
  const { counters, forgetAfterMs, nowMs } = request;
  const ordered = counters.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  for (const { key } of ordered) {
    const sql = `INSERT INTO attempt_counts (counter, failures, last_at_ms) VALUES ($1, 0, $2)
       ON CONFLICT (counter) DO UPDATE SET failures = attempt_counts.failures`;
    await session.run(sql, [key, nowMs]);
  }
  const waitMs = await longestWait(session, request);
  if (waitMs > 0) return waitMs;
  for (const { key } of ordered) {
    const sql = `UPDATE attempt_counts SET failures = CASE WHEN last_at_ms < $2 THEN 1 ELSE failures + 1 END, last_at_ms = $3 WHERE counter = $1`;
    await session.run(sql, [key, nowMs - forgetAfterMs, nowMs]);
  }
  const forget = `DELETE FROM attempt_counts WHERE counter IN (
     SELECT counter FROM attempt_counts WHERE last_at_ms < $1 ORDER BY last_at_ms LIMIT ${forgottenAtOnce})`;
  await session.run(forget, [nowMs - forgetAfterMs]);
  return 0;
}

async function takeBack(
  session: SqlSession,
  { clear, lessen, network, nowMs }: Parameters<AttemptStore["takeBack"]>[0],
): Promise<void> {
  for (const key of clear) await session.run("DELETE FROM attempt_counts WHERE counter = $1", [key]);
  for (const key of lessen.toSorted()) {
    const sql = "UPDATE attempt_counts SET failures = failures - 1 WHERE counter = $1 AND failures > 0";
    await session.run(sql, [key]);
  }
  const { key, accountId } = network;
  await session.run(
    `INSERT INTO known_networks (network, account_id, last_at_ms) VALUES ($1, $2, $3)
     ON CONFLICT (network) DO UPDATE SET last_at_ms = excluded.last_at_ms`,
    [key, accountId, nowMs],
  );
  if (accountId === null) return;
  const sql = `DELETE FROM known_networks WHERE account_id = $1 AND network NOT IN (
     SELECT network FROM known_networks WHERE account_id = $1 ORDER BY last_at_ms DESC, network LIMIT ${knownNetworksOfAccount})`;
  await session.run(sql, [accountId]);
}
