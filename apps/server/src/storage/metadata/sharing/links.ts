import { maxLinksOfAccount, ProblemError, workspaceOfEntry, type AccountId, type EntryId } from "@satchel/protocol";
import type { LinkStore, StoredLink } from "../link-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

interface LinkRow {
  readonly link_id: string;
  readonly entry_id: EntryId;
  readonly account_id: AccountId;
  readonly kind: StoredLink["kind"];
  readonly password_hash: string | null;
  readonly starts_at_ms: number | null;
  readonly expires_at_ms: number | null;
  readonly max_downloads: number | null;
  readonly downloads: number;
  readonly created_at_ms: number;
}

const columns =
  "link_id, entry_id, account_id, kind, password_hash, starts_at_ms, expires_at_ms, max_downloads, downloads, created_at_ms";

export function linkStore(database: SqlDatabase): LinkStore {
  return {
    add: (link, tokenHash) => database.transaction((session) => add(session, link, tokenHash)),
    find: (tokenHash) =>
      database.read(async (session) => {
        const rows = await session.all<LinkRow>(`SELECT ${columns} FROM share_links WHERE token_hash = $1`, [
          tokenHash,
        ]);
        return rows.map(toLink).at(0);
      }),
    list: (accountId) =>
      database.read(async (session) => {
        const sql = `SELECT ${columns} FROM share_links WHERE account_id = $1 ORDER BY created_at_ms DESC, link_id LIMIT ${maxLinksOfAccount}`;
        return (await session.all<LinkRow>(sql, [accountId])).map(toLink);
      }),
    remove: (accountId, linkId) =>
      database.transaction(async (session) => {
        const sql = "DELETE FROM share_links WHERE account_id = $1 AND link_id = $2";
        return (await session.run(sql, [accountId, linkId])) > 0;
      }),
    takeDownload: (tokenHash) =>
      database.transaction(async (session) => {
        const sql = `UPDATE share_links SET downloads = downloads + 1
          WHERE token_hash = $1 AND (max_downloads IS NULL OR downloads < max_downloads)`;
        return (await session.run(sql, [tokenHash])) > 0;
      }),
  };
}

async function add(session: SqlSession, link: StoredLink, tokenHash: string): Promise<void> {
  const [count] = await session.all<{ links: number }>(
    "SELECT count(*) AS links FROM share_links WHERE account_id = $1",
    [link.accountId],
  );
  if ((count?.links ?? 0) >= maxLinksOfAccount)
    throw new ProblemError("limit_exceeded", `An account has at most ${maxLinksOfAccount} links: revoke some first`);
  await session.run(
    `INSERT INTO share_links (workspace_id, token_hash, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)`,
    [
      workspaceOfEntry(link.entryId),
      tokenHash,
      link.id,
      link.entryId,
      link.accountId,
      link.kind,
      link.passwordHash,
      link.startsAtMs,
      link.expiresAtMs,
      link.maxDownloads,
      link.createdAtMs,
    ],
  );
}

function toLink(row: LinkRow): StoredLink {
  return {
    id: row.link_id,
    entryId: row.entry_id,
    accountId: row.account_id,
    kind: row.kind,
    passwordHash: row.password_hash,
    startsAtMs: row.starts_at_ms,
    expiresAtMs: row.expires_at_ms,
    maxDownloads: row.max_downloads,
    downloads: row.downloads,
    createdAtMs: row.created_at_ms,
  };
}
