import { ProblemError, type AccountId, type DeviceId } from "@satchel/protocol";
import type { Account, Device, DeviceKind, RefreshTokenRecord } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { accountColumns, accountTables, toAccount, type AccountRow } from "./accounts.ts";

interface DeviceRow {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly client_id: string | null;
  readonly scopes: string | null;
  readonly expires_at_ms: number | null;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

const deviceColumns =
  "device_id, account_id, kind, name, client_id, scopes, expires_at_ms, created_at_ms, last_seen_at_ms, revoked_at_ms";

/** See IdentityStore.createDevice. */
export async function createDevice(
  session: SqlSession,
  device: { readonly id: DeviceId; readonly accountId: AccountId; readonly name: string; readonly nowMs: number },
  token: RefreshTokenRecord,
): Promise<void> {
  const { nowMs: createdAtMs, ...rest } = device;
  const others = { clientId: null, scopes: null, expiresAtMs: null, lastSeenAtMs: null, revokedAtMs: null };
  await insertDevice(session, { ...rest, ...others, kind: "device", createdAtMs });
  await insertRefreshToken(session, token);
}

export async function insertDevice(session: SqlSession, device: Device): Promise<void> {
  await session.run(
    "INSERT INTO devices (device_id, account_id, kind, name, client_id, scopes, expires_at_ms, created_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    [
      device.id,
      device.accountId,
      device.kind,
      device.name,
      device.clientId,
      device.scopes,
      device.expiresAtMs,
      device.createdAtMs,
    ],
  );
}

export async function insertRefreshToken(session: SqlSession, token: RefreshTokenRecord): Promise<void> {
  await session.run("INSERT INTO refresh_tokens (token_hash, device_id, expires_at_ms) VALUES ($1, $2, $3)", [
    token.tokenHash,
    token.deviceId,
    token.expiresAtMs,
  ]);
}

/** See IdentityStore.adoptDevice. */
export async function adoptDevice(
  session: SqlSession,
  accountId: AccountId,
  token: RefreshTokenRecord,
): Promise<boolean> {
  const adopted = await session.run(
    "UPDATE devices SET kind = 'device', scopes = NULL, expires_at_ms = NULL WHERE device_id = $1 AND account_id = $2 AND revoked_at_ms IS NULL",
    [token.deviceId, accountId],
  );
  if (adopted === 0) return false;
  await session.run("DELETE FROM oauth_records WHERE grant_id = $1", [token.deviceId]);
  await session.run(
    "INSERT INTO refresh_tokens (token_hash, device_id, expires_at_ms) VALUES ($1, $2, $3) ON CONFLICT (token_hash) DO NOTHING",
    [token.tokenHash, token.deviceId, token.expiresAtMs],
  );
  const sql = "SELECT 1 AS one FROM refresh_tokens WHERE token_hash = $1 AND next_token_hash IS NULL";
  return (await session.all(sql, [token.tokenHash])).length === 1;
}

/** See IdentityStore.findDevice. */
export async function findDevice(
  session: SqlSession,
  id: DeviceId,
): Promise<{ device: Device; account: Account } | undefined> {
  const [row] = await session.all<AccountRow & DeviceOfAccountRow>(
    `SELECT ${accountColumns}, d.kind, d.name AS device_name, d.client_id, d.scopes, d.expires_at_ms, d.created_at_ms AS device_created_at_ms, d.last_seen_at_ms, d.revoked_at_ms
     FROM ${accountTables} JOIN devices d ON d.account_id = a.account_id WHERE d.device_id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { device_name: name, device_created_at_ms: created_at_ms } = row;
  return { device: toDevice({ ...row, device_id: id, name, created_at_ms }), account: toAccount(row) };
}

type DeviceOfAccountRow = Omit<DeviceRow, "name" | "created_at_ms"> & {
  readonly device_name: string;
  readonly device_created_at_ms: number;
};

export async function listDevices(session: SqlSession, accountId: AccountId): Promise<Device[]> {
  const sql = `SELECT ${deviceColumns} FROM devices WHERE account_id = $1 ORDER BY created_at_ms, device_id`;
  const rows = await session.all<DeviceRow>(sql, [accountId]);
  return rows.map(toDevice);
}

function toDevice(row: DeviceRow): Device {
  return {
    id: row.device_id,
    accountId: row.account_id,
    kind: row.kind,
    name: row.name,
    clientId: row.client_id,
    scopes: row.scopes,
    expiresAtMs: row.expires_at_ms,
    createdAtMs: row.created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}

/** See IdentityStore.revokeDevice; revoking again changes nothing. */
export async function revokeDevice(
  session: SqlSession,
  { accountId, id, nowMs }: { readonly accountId: AccountId; readonly id: DeviceId; readonly nowMs: number },
): Promise<void> {
  const sql = "UPDATE devices SET revoked_at_ms = COALESCE(revoked_at_ms, $3) WHERE account_id = $1 AND device_id = $2";
  const changed = await session.run(sql, [accountId, id, nowMs]);
  if (changed === 0) throw new ProblemError("not_found", "There is no such device");
  await session.run("DELETE FROM oauth_records WHERE grant_id = $1", [id]);
}

export async function touchDevice(session: SqlSession, id: DeviceId, nowMs: number): Promise<void> {
  await session.run("UPDATE devices SET last_seen_at_ms = $2 WHERE device_id = $1", [id, nowMs]);
}
