import { workspaceOfEntry, type EntryId } from "@satchel/protocol";
import type { KeptLiveSession, KeptLiveUpdate, LiveHold, LiveStore } from "../live-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

const ofFile = "workspace_id = $1 AND entry_id = $2";

/** See LiveStore. */
export function liveStore(database: SqlDatabase): LiveStore {
  return {
    take: (request) => database.transaction((session) => take(session, request)),
    prolong: (request) => database.transaction((session) => prolong(session, request)),
    append: (hold, update) =>
      database.transaction(async (session) => {
        if (!(await isHeld(session, hold))) return false;
        const sql = "INSERT INTO live_updates (workspace_id, entry_id, nth, sealed) VALUES ($1, $2, $3, $4)";
        await session.run(sql, [...keyOf(hold), update.nth, update.sealed]);
        return true;
      }),
    save: (hold, record) => database.transaction((session) => save(session, hold, record)),
    release: (hold) =>
      database.transaction(async (session) => {
        const sql = `UPDATE live_sessions SET holder = '', ends_at_ms = 0 WHERE ${ofFile} AND holder = $3`;
        await session.run(sql, [...keyOf(hold), hold.holder]);
      }),
    listForsaken: ({ nowMs, limit }) =>
      database.read(async (session) => {
        const sql = `SELECT entry_id FROM live_sessions WHERE holder <> '' AND ends_at_ms <= $1 ORDER BY ends_at_ms LIMIT $2`;
        return (await session.all<{ readonly entry_id: EntryId }>(sql, [nowMs, limit])).map((row) => row.entry_id);
      }),
    remove: (hold) =>
      database.transaction(async (session) => {
        if (!(await isHeld(session, hold))) return;
        await session.run(`DELETE FROM live_updates WHERE ${ofFile}`, keyOf(hold));
        await session.run(`DELETE FROM live_sessions WHERE ${ofFile}`, keyOf(hold));
      }),
  };
}

async function take(
  session: SqlSession,
  request: LiveHold & { readonly nowMs: number; readonly forMs: number },
): Promise<KeptLiveSession | undefined> {
  const { holder, nowMs, forMs } = request;
  const taken = await session.run(
    `INSERT INTO live_sessions (workspace_id, entry_id, holder, ends_at_ms, touched_at_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id, entry_id) DO UPDATE SET holder = excluded.holder, ends_at_ms = excluded.ends_at_ms, touched_at_ms = excluded.touched_at_ms
     WHERE live_sessions.holder = excluded.holder OR live_sessions.ends_at_ms <= $5`,
    [...keyOf(request), holder, nowMs + forMs, nowMs],
  );
  if (taken === 0) return undefined;
  const records = `SELECT sealed FROM live_sessions WHERE ${ofFile}`;
  const [record] = await session.all<{ readonly sealed: string | null }>(records, keyOf(request));
  const sql = `SELECT nth, sealed FROM live_updates WHERE ${ofFile} ORDER BY nth`;
  const updates = await session.all<KeptLiveUpdate>(sql, keyOf(request));
  return { sealed: record?.sealed ?? undefined, updates: updates.map(({ nth, sealed }) => ({ nth, sealed })) };
}

async function prolong(
  session: SqlSession,
  request: LiveHold & { readonly nowMs: number; readonly forMs: number },
): Promise<boolean> {
  const sql = `UPDATE live_sessions SET ends_at_ms = $4, touched_at_ms = $5 WHERE ${ofFile} AND holder = $3`;
  const { holder, nowMs, forMs } = request;
  return (await session.run(sql, [...keyOf(request), holder, nowMs + forMs, nowMs])) > 0;
}

async function save(
  session: SqlSession,
  hold: LiveHold,
  { sealed, through, nowMs }: { readonly sealed: string; readonly through: number; readonly nowMs: number },
): Promise<boolean> {
  const sql = `UPDATE live_sessions SET sealed = $4, touched_at_ms = $5 WHERE ${ofFile} AND holder = $3`;
  if ((await session.run(sql, [...keyOf(hold), hold.holder, sealed, nowMs])) === 0) return false;
  await session.run(`DELETE FROM live_updates WHERE ${ofFile} AND nth <= $3`, [...keyOf(hold), through]);
  return true;
}

/** The row is locked until the transaction ends, so that nobody takes the session in between. */
export async function isHeld(session: SqlSession, hold: LiveHold): Promise<boolean> {
  const lock = session.dialect === "postgres" ? "FOR UPDATE" : "";
  const sql = `SELECT 1 AS one FROM live_sessions WHERE ${ofFile} AND holder = $3 ${lock}`;
  return (await session.all(sql, [...keyOf(hold), hold.holder])).length > 0;
}

function keyOf({ fileId }: LiveHold): [string, string] {
  return [workspaceOfEntry(fileId), fileId];
}
