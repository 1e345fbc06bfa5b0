import type { AccountId } from "@satchel/protocol";
import type { MailCounts, MailQueueStore, QueuedMail } from "../mail-queue-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

interface MailRow {
  readonly mail_id: string;
  readonly account_id: AccountId | null;
  readonly sealed: string;
  readonly tries: number;
  readonly created_at_ms: number;
  readonly due_at_ms: number | null;
}

const columns = "mail_id, account_id, sealed, tries, created_at_ms, due_at_ms";

/** See MailQueueStore. */
export function mailQueueStore(database: SqlDatabase): MailQueueStore {
  return {
    add: (mail, maxWaiting) => database.transaction((session) => add(session, mail, maxWaiting)),
    take: (request) => database.transaction((session) => take(session, request)),
    remove: (id) =>
      database.transaction(async (session) => {
        await session.run("DELETE FROM mail_queue WHERE mail_id = $1", [id]);
      }),
    putOff: (id, { sealed, dueAtMs }) =>
      database.transaction(async (session) => {
        await session.run("UPDATE mail_queue SET sealed = $2, due_at_ms = $3 WHERE mail_id = $1", [
          id,
          sealed,
          dueAtMs,
        ]);
      }),
    nextDueMs: () => database.read(nextDueMs),
    list: (limit) => database.read((session) => list(session, limit)),
    counts: () => database.read(counts),
  };
}

async function add(
  session: SqlSession,
  mail: Pick<QueuedMail, "id" | "accountId" | "sealed" | "createdAtMs">,
  maxWaiting: number,
): Promise<boolean> {
  const { waiting } = await counts(session);
  if (waiting >= maxWaiting) return false;
  const { id, accountId, sealed, createdAtMs } = mail;
  await session.run(`INSERT INTO mail_queue (${columns}) VALUES ($1, $2, $3, 0, $4, $4)`, [
    id,
    accountId,
    sealed,
    createdAtMs,
  ]);
  return true;
}

/** Of two who take at once each gets another one: who comes second passes over what the first is taking. */
async function take(
  session: SqlSession,
  { nowMs, leaseMs }: { readonly nowMs: number; readonly leaseMs: number },
): Promise<QueuedMail | undefined> {
  const passOver = session.dialect === "postgres" ? "FOR UPDATE SKIP LOCKED" : "";
  const sql = `UPDATE mail_queue SET due_at_ms = $2, tries = tries + 1
     WHERE mail_id = (SELECT mail_id FROM mail_queue WHERE due_at_ms <= $1 ORDER BY due_at_ms, mail_id LIMIT 1 ${passOver})
     RETURNING ${columns}`;
  const [row] = await session.all<MailRow>(sql, [nowMs, nowMs + leaseMs]);
  return row && toMail(row);
}

async function nextDueMs(session: SqlSession): Promise<number | undefined> {
  const sql = "SELECT due_at_ms FROM mail_queue WHERE due_at_ms IS NOT NULL ORDER BY due_at_ms LIMIT 1";
  const [row] = await session.all<{ readonly due_at_ms: number }>(sql);
  return row?.due_at_ms;
}

async function list(session: SqlSession, limit: number): Promise<QueuedMail[]> {
  const sql = `SELECT ${columns} FROM mail_queue ORDER BY created_at_ms DESC, mail_id LIMIT $1`;
  return (await session.all<MailRow>(sql, [limit])).map(toMail);
}

async function counts(session: SqlSession): Promise<MailCounts> {
  const sql = "SELECT COUNT(due_at_ms) AS waiting, COUNT(*) AS kept FROM mail_queue";
  const [row] = await session.all<{ readonly waiting: number; readonly kept: number }>(sql);
  const { waiting = 0, kept = 0 } = row ?? {};
  return { waiting, givenUp: kept - waiting };
}

function toMail(row: MailRow): QueuedMail {
  return {
    id: row.mail_id,
    accountId: row.account_id,
    sealed: row.sealed,
    tries: row.tries,
    createdAtMs: row.created_at_ms,
    dueAtMs: row.due_at_ms,
  };
}
