import { ProblemError, rootEntryId, type AccountId, type DeviceId } from "@satchel/protocol";
import type { Account, NewAccount } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { nameSkeleton } from "./name-skeleton.ts";

export interface AccountRow {
  readonly account_id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly email_key: string | null;
  readonly password_hash: string;
  readonly is_admin: number;
  readonly disabled_at_ms: number | null;
  readonly quota_bytes: number | null;
  readonly root_workspace_id: Account["rootWorkspaceId"];
  readonly created_at_ms: number;
}

/** Any number that nobody else takes an advisory lock by. */
const firstAccountLock = 7_420_002;

/** The columns of an {@link AccountRow}; `a` stands for the account, `w` for its root workspace, which has the quota. */
export const accountColumns =
  "a.account_id, a.name, a.email, a.email_key, a.password_hash, a.is_admin, a.disabled_at_ms, w.quota_bytes, a.root_workspace_id, a.created_at_ms";
export const accountTables = "accounts a JOIN workspaces w ON w.workspace_id = a.root_workspace_id";

export function toAccount(row: AccountRow): Account {
  return {
    id: row.account_id,
    name: row.name,
    email: row.email,
    emailConfirmed: row.email_key !== null,
    passwordHash: row.password_hash,
    isAdmin: row.is_admin === 1,
    disabledAtMs: row.disabled_at_ms,
    quotaBytes: row.quota_bytes,
    rootWorkspaceId: row.root_workspace_id,
    createdAtMs: row.created_at_ms,
  };
}

/** See IdentityStore.createAccount. */
export async function createAccount(session: SqlSession, account: NewAccount): Promise<void> {
  const { id, name, rootWorkspaceId, nowMs } = account;
  if (account.mustBeFirst === true) await requireNoAccount(session);
  const emailKey = await emailKeyOf(session, account);
  const inserted = await session.run(
    `INSERT INTO accounts (account_id, name, name_key, name_skeleton, email, email_key, password_hash, is_admin, root_workspace_id, created_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      id,
      name,
      nameKey(name),
      nameSkeleton(name),
      account.email,
      emailKey,
      account.passwordHash,
      Number(account.isAdmin),
      rootWorkspaceId,
      nowMs,
    ],
  );
  if (inserted === 0)
    throw new ProblemError("account_exists", `There is an account of the name ${name}, or of one that looks like it`);
  await session.run(
    `INSERT INTO workspaces (workspace_id, owner_account_id, head, epoch, feed_horizon, used_bytes, quota_bytes, created_at_ms)
     VALUES ($1, $2, 0, $3, 0, 0, $4, $5)`,
    [rootWorkspaceId, id, account.epoch, account.quotaBytes, nowMs],
  );
  // Sequence 0: the feed never tells of the root, which everybody knows.
  await session.run(
    `INSERT INTO entries (workspace_id, entry_id, name, type, size, executable, sequence) VALUES ($1, $2, '', 'folder', 0, 0, 0)`,
    [rootWorkspaceId, rootEntryId(rootWorkspaceId)],
  );
}

/** Of two who would be the first at once, one is. @throws account_exists */
async function requireNoAccount(session: SqlSession): Promise<void> {
  if (session.dialect === "postgres") await session.all(`SELECT pg_advisory_xact_lock(${firstAccountLock})`);
  if ((await session.all("SELECT 1 AS one FROM accounts LIMIT 1")).length > 0)
    throw new ProblemError("account_exists", "There is an account already");
}

/** What the account's address is found by; null while it isn't the account's beyond doubt. @throws account_exists */
async function emailKeyOf(session: SqlSession, account: NewAccount): Promise<string | null> {
  if (account.emailConfirmed === "no") return null;
  const isFree = (await findAccountByEmail(session, account.email)) === undefined;
  if (!isFree && account.emailConfirmed === "claim") throw emailTaken();
  return isFree ? toEmailKey(account.email) : null;
}

export async function findAccountByName(session: SqlSession, name: string): Promise<Account | undefined> {
  const sql = `SELECT ${accountColumns} FROM ${accountTables} WHERE a.name_key = $1`;
  const [row] = await session.all<AccountRow>(sql, [nameKey(name)]);
  return row && toAccount(row);
}

export async function findAccountByEmail(session: SqlSession, email: string): Promise<Account | undefined> {
  const sql = `SELECT ${accountColumns} FROM ${accountTables} WHERE a.email_key = $1`;
  const [row] = await session.all<AccountRow>(sql, [toEmailKey(email)]);
  return row && toAccount(row);
}

export async function isNameTaken(session: SqlSession, name: string): Promise<boolean> {
  const sql = "SELECT 1 AS one FROM accounts WHERE name_skeleton = $1 OR name_key = $2";
  return (await session.all(sql, [nameSkeleton(name), nameKey(name)])).length > 0;
}

export async function findAccount(session: SqlSession, id: AccountId): Promise<Account | undefined> {
  const sql = `SELECT ${accountColumns} FROM ${accountTables} WHERE a.account_id = $1`;
  const [row] = await session.all<AccountRow>(sql, [id]);
  return row && toAccount(row);
}

export async function listAccounts(
  session: SqlSession,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Account[]> {
  const sql = `SELECT ${accountColumns} FROM ${accountTables} WHERE a.name_key > $1 ORDER BY a.name_key LIMIT $2`;
  const rows = await session.all<AccountRow>(sql, [nameKey(after ?? ""), limit]);
  return rows.map(toAccount);
}

/** More than anybody has: all of them are told things one by one. */
const maxAdministrators = 1000;

/** See IdentityStore.listAdministrators. */
export async function listAdministrators(session: SqlSession): Promise<Account[]> {
  const sql = `SELECT ${accountColumns} FROM ${accountTables} WHERE a.is_admin = 1 AND a.disabled_at_ms IS NULL ORDER BY a.created_at_ms, a.account_id LIMIT $1`;
  return (await session.all<AccountRow>(sql, [maxAdministrators])).map(toAccount);
}

/** See IdentityStore.setAccountDisabled. */
export async function setAccountDisabled(
  session: SqlSession,
  id: AccountId,
  { disabled, nowMs }: { readonly disabled: boolean; readonly nowMs: number },
): Promise<void> {
  const sql = "UPDATE accounts SET disabled_at_ms = $2 WHERE account_id = $1";
  requireOne(await session.run(sql, [id, disabled ? nowMs : null]));
  if (disabled) await endLogins(session, id, { nowMs });
}

/** See IdentityStore.setPassword. */
export async function setPassword(
  session: SqlSession,
  id: AccountId,
  change: {
    readonly passwordHash: string;
    readonly revokeDevices: boolean;
    readonly keepSession?: string;
    readonly nowMs: number;
  },
): Promise<void> {
  const sql = "UPDATE accounts SET password_hash = $2 WHERE account_id = $1";
  requireOne(await session.run(sql, [id, change.passwordHash]));
  if (change.revokeDevices) await endLogins(session, id, change);
}

/** See IdentityStore.setEmail. */
export async function setEmail(
  session: SqlSession,
  id: AccountId,
  { email, ...logins }: { readonly email: string; readonly keepSession?: string; readonly nowMs: number },
): Promise<DeviceId[]> {
  const owner = await findAccountByEmail(session, email);
  if (owner && owner.id !== id) throw emailTaken();
  const before = await findAccount(session, id);
  const sql = "UPDATE accounts SET email = $2, email_key = $3 WHERE account_id = $1";
  requireOne(await session.run(sql, [id, email, toEmailKey(email)]));
  const isAnother = before !== undefined && toEmailKey(before.email) !== toEmailKey(email);
  return isAnother ? await endLogins(session, id, logins) : [];
}

/** See IdentityStore.endLogins. */
export async function endLogins(
  session: SqlSession,
  id: AccountId,
  { keepSession, nowMs }: { readonly keepSession?: string; readonly nowMs: number },
): Promise<DeviceId[]> {
  const ended = await session.all<{ device_id: DeviceId }>(
    "UPDATE devices SET revoked_at_ms = $2 WHERE account_id = $1 AND revoked_at_ms IS NULL RETURNING device_id",
    [id, nowMs],
  );
  await session.run("DELETE FROM oauth_records WHERE account_id = $1", [id]);
  await session.run("DELETE FROM join_codes WHERE account_id = $1", [id]);
  await session.run("DELETE FROM browser_sessions WHERE account_id = $1 AND session_hash <> $2", [
    id,
    keepSession ?? "",
  ]);
  return ended.map((row) => row.device_id);
}

function requireOne(changed: number): void {
  if (changed === 0) throw new ProblemError("not_found", "There is no such account");
}

/** Names are ASCII and compared without case. */
function nameKey(name: string): string {
  return name.toLowerCase();
}

/** Addresses are compared without case, as people and nearly all servers do. */
function toEmailKey(email: string): string {
  return email.toLowerCase();
}

function emailTaken(): ProblemError {
  return new ProblemError("account_exists", "The address belongs to another account");
}
