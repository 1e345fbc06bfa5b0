import type { AccountId } from "@satchel/protocol";
import type { Account } from "../identity-store.ts";
import type { BrowserSession } from "../sign-in-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { findAccount } from "./accounts.ts";

interface SessionRow {
  readonly session_hash: string;
  readonly account_id: AccountId;
  readonly browser: string;
  readonly methods: string;
  readonly created_at_ms: number;
  readonly authenticated_at_ms: number;
  readonly last_seen_at_ms: number;
  readonly expires_at_ms: number;
}

const columns =
  "session_hash, account_id, browser, methods, created_at_ms, authenticated_at_ms, last_seen_at_ms, expires_at_ms";

export async function createSession(session: SqlSession, browser: BrowserSession): Promise<void> {
  await session.run(`INSERT INTO browser_sessions (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    browser.sessionHash,
    browser.accountId,
    browser.browser,
    browser.methods,
    browser.createdAtMs,
    browser.authenticatedAtMs,
    browser.lastSeenAtMs,
    browser.expiresAtMs,
  ]);
}

export async function findSession(
  session: SqlSession,
  sessionHash: string,
  nowMs: number,
): Promise<{ session: BrowserSession; account: Account } | undefined> {
  const sql = `SELECT ${columns} FROM browser_sessions WHERE session_hash = $1 AND expires_at_ms > $2`;
  const [row] = await session.all<SessionRow>(sql, [sessionHash, nowMs]);
  if (!row) return undefined;
  const account = await findAccount(session, row.account_id);
  return account?.disabledAtMs === null ? { session: toSession(row), account } : undefined;
}

export async function touchSession(
  session: SqlSession,
  sessionHash: string,
  change: Pick<BrowserSession, "lastSeenAtMs" | "authenticatedAtMs" | "methods" | "expiresAtMs">,
): Promise<void> {
  await session.run(
    "UPDATE browser_sessions SET last_seen_at_ms = $2, authenticated_at_ms = $3, methods = $4, expires_at_ms = $5 WHERE session_hash = $1",
    [sessionHash, change.lastSeenAtMs, change.authenticatedAtMs, change.methods, change.expiresAtMs],
  );
}

export async function listSessions(
  session: SqlSession,
  accountId: AccountId,
  nowMs: number,
): Promise<BrowserSession[]> {
  const sql = `SELECT ${columns} FROM browser_sessions WHERE account_id = $1 AND expires_at_ms > $2 ORDER BY last_seen_at_ms DESC, session_hash`;
  return (await session.all<SessionRow>(sql, [accountId, nowMs])).map(toSession);
}

export async function endSession(session: SqlSession, accountId: AccountId, sessionHash: string): Promise<void> {
  await session.run("DELETE FROM browser_sessions WHERE account_id = $1 AND session_hash = $2", [
    accountId,
    sessionHash,
  ]);
}

function toSession(row: SessionRow): BrowserSession {
  return {
    sessionHash: row.session_hash,
    accountId: row.account_id,
    browser: row.browser,
    methods: row.methods,
    createdAtMs: row.created_at_ms,
    authenticatedAtMs: row.authenticated_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
