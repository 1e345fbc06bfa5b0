import { ProblemError, type AccountId, type NoticeKind, type NoticeSetting } from "@satchel/protocol";
import type { NewNotice, NoticeStore, StoredNotice } from "../notice-store.ts";
import { holdAccounts } from "../identity/hold-accounts.ts";
import { inList, listParameter } from "../sql/list-table.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

interface NoticeRow {
  readonly account_id: AccountId;
  readonly notice_id: string;
  readonly kind: NoticeKind;
  readonly subject: string;
  readonly detail: string;
  readonly by_account_id: AccountId | null;
  readonly by_name: string | null;
  readonly times: number;
  readonly at_ms: number;
  readonly read_at_ms: number | null;
}

interface SettingRow {
  readonly kind: NoticeKind;
  readonly in_app: number;
}

/** See NoticeStore. */
export function noticeStore(database: SqlDatabase): NoticeStore {
  return {
    add: (notice, bounds) => database.transaction((session) => add(session, notice, bounds)),
    list: (query) => database.read((session) => list(session, query)),
    markRead: ({ accountId, ids, nowMs }) =>
      database.transaction(async (session) => {
        const chosen = ids && inList(session.dialect, "$3", { notice_id: "text" });
        await session.run(
          `UPDATE notices SET read_at_ms = $2 WHERE account_id = $1 AND read_at_ms IS NULL${chosen ? ` AND ${chosen}` : ""}`,
          [accountId, nowMs, ...(ids ? [listParameter(ids.map((id) => ({ notice_id: id })))] : [])],
        );
      }),
    settings: (accountId) => database.read((session) => settings(session, accountId)),
    putSettings: (accountId, chosen) =>
      database.transaction(async (session) => {
        if (!(await holdAccounts(session, [accountId])).has(accountId)) return;
        for (const { kind, in_app: inApp } of chosen)
          await session.run(
            `INSERT INTO notice_settings (account_id, kind, in_app) VALUES ($1, $2, $3)
             ON CONFLICT (account_id, kind) DO UPDATE SET in_app = excluded.in_app`,
            [accountId, kind, Number(inApp)],
          );
      }),
  };
}

async function add(
  session: SqlSession,
  { id, accountId, kind, subject, detail, by, atMs }: NewNotice,
  { maxKept, keepAfterMs }: Parameters<NoticeStore["add"]>[1],
): Promise<boolean> {
  const there = await holdAccounts(session, [accountId, by ?? accountId]);
  const [off] = await session.all(
    "SELECT 1 AS one FROM notice_settings WHERE account_id = $1 AND kind = $2 AND in_app = 0",
    [accountId, kind],
  );
  if (!there.has(accountId) || off) return false;
  await session.run(
    `INSERT INTO notices (account_id, notice_id, kind, subject, detail, by_account_id, times, at_ms) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
     ON CONFLICT (account_id, kind, subject) WHERE read_at_ms IS NULL
     DO UPDATE SET times = notices.times + 1, detail = excluded.detail, by_account_id = excluded.by_account_id, at_ms = excluded.at_ms`,
    [accountId, id, kind, subject, JSON.stringify(detail), by !== undefined && there.has(by) ? by : null, atMs],
  );
  await session.run(
    `DELETE FROM notices WHERE account_id = $1 AND (at_ms < $2 OR notice_id IN (
       SELECT notice_id FROM notices WHERE account_id = $1 ORDER BY at_ms DESC, notice_id DESC LIMIT $4 OFFSET $3
     ))`,
    [accountId, keepAfterMs, maxKept, maxDropped],
  );
  return true;
}

/** At most so many go at a time; one comes at a time. */
const maxDropped = 100;

async function list(
  session: SqlSession,
  { accountId, after, limit }: Parameters<NoticeStore["list"]>[0],
): Promise<{ notices: StoredNotice[]; unread: number; next: string | null }> {
  const [atMs, id] = parsePlace(after);
  const rows = await session.all<NoticeRow>(
    `SELECT n.account_id, n.notice_id, n.kind, n.subject, n.detail, n.by_account_id, a.name AS by_name, n.times, n.at_ms, n.read_at_ms
     FROM notices n LEFT JOIN accounts a ON a.account_id = n.by_account_id
     WHERE n.account_id = $1 AND (n.at_ms < $2 OR (n.at_ms = $2 AND n.notice_id < $3)) ORDER BY n.at_ms DESC, n.notice_id DESC LIMIT $4`,
    [accountId, atMs, id, limit + 1],
  );
  const [count] = await session.all<{ unread: number }>(
    "SELECT count(*) AS unread FROM notices WHERE account_id = $1 AND read_at_ms IS NULL",
    [accountId],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? `${last.at_ms}.${last.notice_id}` : null;
  return { notices: page.map(toNotice), unread: count?.unread ?? 0, next };
}

function parsePlace(after: string | undefined): [number, string] {
  if (after === undefined) return [Number.MAX_SAFE_INTEGER, ""];
  const [, atMs, id] = /^([0-9]{1,15})\.([\w-]{1,64})$/.exec(after) ?? [];
  if (atMs === undefined || id === undefined) throw new ProblemError("bad_cursor");
  return [Number(atMs), id];
}

function toNotice(row: NoticeRow): StoredNotice {
  return {
    id: row.notice_id,
    accountId: row.account_id,
    kind: row.kind,
    subject: row.subject,
    detail: JSON.parse(row.detail) as Record<string, string>,
    by: row.by_account_id ?? undefined,
    byName: row.by_name,
    times: row.times,
    atMs: row.at_ms,
    readAtMs: row.read_at_ms,
  };
}

async function settings(session: SqlSession, accountId: AccountId): Promise<NoticeSetting[]> {
  const rows = await session.all<SettingRow>(
    "SELECT kind, in_app FROM notice_settings WHERE account_id = $1 ORDER BY kind",
    [accountId],
  );
  return rows.map(({ kind, in_app }) => ({ kind, in_app: in_app === 1 }));
}
