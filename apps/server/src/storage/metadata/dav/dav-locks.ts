import { ProblemError, type AccountId, type WorkspaceId } from "@satchel/protocol";
import { maxDavLocks, maxDavLocksTogether, type DavLock } from "../dav-store.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import { inList, listParameter } from "../sql/list-table.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { scopesMeet } from "../dav-lock-scope.ts";

interface LockRow {
  readonly token: string;
  readonly path: string;
  readonly is_deep: number;
  readonly is_exclusive: number;
  readonly owner: string;
  readonly account_id: AccountId;
  readonly ends_at_ms: number;
}

/** See DavStore.listLocks. */
export async function listLocks(session: SqlSession, workspaceId: WorkspaceId, nowMs: number): Promise<DavLock[]> {
  const rows = await session.all<LockRow>(
    "SELECT token, path, is_deep, is_exclusive, owner, account_id, ends_at_ms FROM dav_locks WHERE workspace_id = $1 AND ends_at_ms > $2 ORDER BY token",
    [workspaceId, nowMs],
  );
  return rows.map((row) => ({
    workspaceId,
    token: row.token,
    path: row.path,
    isDeep: row.is_deep === 1,
    isExclusive: row.is_exclusive === 1,
    owner: row.owner,
    accountId: row.account_id,
    endsAtMs: row.ends_at_ms,
  }));
}

/** See DavStore.addLock. The workspace's row keeps two from being added at once. */
export async function addLock(session: SqlSession, lock: DavLock, nowMs: number): Promise<DavLock | undefined> {
  const { workspaceId } = lock;
  await lockWorkspace(session, workspaceId);
  const others = await listLocks(session, workspaceId, nowMs);
  const beside = others.filter((other) => scopesMeet(lock, other));
  const against = beside.find((other) => lock.isExclusive || other.isExclusive);
  if (against) return against;
  if (others.length >= maxDavLocks || beside.length >= maxDavLocksTogether)
    throw new ProblemError(
      "limit_exceeded",
      `there are at most ${maxDavLocks} locks, and ${maxDavLocksTogether} that hold the same`,
    );
  await session.run(
    "INSERT INTO dav_locks (workspace_id, token, path, is_deep, is_exclusive, owner, account_id, ends_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    [
      workspaceId,
      lock.token,
      lock.path,
      lock.isDeep ? 1 : 0,
      lock.isExclusive ? 1 : 0,
      lock.owner,
      lock.accountId,
      lock.endsAtMs,
    ],
  );
  return undefined;
}

/** See DavStore.prolongLock. */
export async function prolongLock(
  session: SqlSession,
  { workspaceId, token, endsAtMs }: Pick<DavLock, "workspaceId" | "token" | "endsAtMs">,
  nowMs: number,
): Promise<boolean> {
  const sql = "UPDATE dav_locks SET ends_at_ms = $3 WHERE workspace_id = $1 AND token = $2 AND ends_at_ms > $4";
  return (await session.run(sql, [workspaceId, token, endsAtMs, nowMs])) > 0;
}

/** See DavStore.removeLocks. */
export async function removeLocks(
  session: SqlSession,
  workspaceId: WorkspaceId,
  tokens: readonly string[],
): Promise<void> {
  if (tokens.length === 0) return;
  const chosen = inList(session.dialect, "$2", { token: "text" });
  const list = listParameter(tokens.map((token) => ({ token })));
  await session.run(`DELETE FROM dav_locks WHERE workspace_id = $1 AND ${chosen}`, [workspaceId, list]);
}
