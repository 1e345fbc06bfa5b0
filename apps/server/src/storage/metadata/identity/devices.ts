import { ProblemError, type AccountId, type DeviceId } from "@satchel/protocol";
import type { Account, Device, RefreshTokenRecord } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { accountColumns, accountTables, toAccount, type AccountRow } from "./accounts.ts";

interface DeviceRow {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

const deviceColumns = "device_id, account_id, name, created_at_ms, last_seen_at_ms, revoked_at_ms";

/** See IdentityStore.createDevice. */
export async function createDevice(
  session: SqlSession,
  device: { readonly id: DeviceId; readonly accountId: AccountId; readonly name: string; readonly nowMs: number },
  token: RefreshTokenRecord,
): Promise<void> {
  await session.run("INSERT INTO devices (device_id, account_id, name, created_at_ms) VALUES ($1, $2, $3, $4)", [
    device.id,
    device.accountId,
    device.name,
    device.nowMs,
  ]);
  await insertRefreshToken(session, token);
}

export async function insertRefreshToken(session: SqlSession, token: RefreshTokenRecord): Promise<void> {
  await session.run("INSERT INTO refresh_tokens (token_hash, device_id, expires_at_ms) VALUES ($1, $2, $3)", [
    token.tokenHash,
    token.deviceId,
    token.expiresAtMs,
  ]);
}

/** See IdentityStore.findDevice. */
export async function findDevice(
  session: SqlSession,
  id: DeviceId,
): Promise<{ device: Device; account: Account } | undefined> {
  const [row] = await session.all<
    AccountRow & { device_name: string; device_created_at_ms: number } & Pick<
        DeviceRow,
        "last_seen_at_ms" | "revoked_at_ms"
      >
  >(
    `SELECT ${accountColumns}, d.name AS device_name, d.created_at_ms AS device_created_at_ms, d.last_seen_at_ms, d.revoked_at_ms
     FROM ${accountTables} JOIN devices d ON d.account_id = a.account_id WHERE d.device_id = $1`,
    [id],
  );
  if (!row) return undefined;
  const device = {
    id,
    accountId: row.account_id,
    name: row.device_name,
    createdAtMs: row.device_created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
  return { device, account: toAccount(row) };
}

export async function listDevices(session: SqlSession, accountId: AccountId): Promise<Device[]> {
  const sql = `SELECT ${deviceColumns} FROM devices WHERE account_id = $1 ORDER BY created_at_ms, device_id`;
  const rows = await session.all<DeviceRow>(sql, [accountId]);
  return rows.map((row) => ({
    id: row.device_id,
    accountId: row.account_id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    revokedAtMs: row.revoked_at_ms,
  }));
}

/** See IdentityStore.revokeDevice; revoking again changes nothing. */
export async function revokeDevice(
  session: SqlSession,
  { accountId, id, nowMs }: { readonly accountId: AccountId; readonly id: DeviceId; readonly nowMs: number },
): Promise<void> {
  const sql = "UPDATE devices SET revoked_at_ms = COALESCE(revoked_at_ms, $3) WHERE account_id = $1 AND device_id = $2";
  const changed = await session.run(sql, [accountId, id, nowMs]);
  if (changed === 0) throw new ProblemError("not_found", "There is no such device");
}

export async function touchDevice(session: SqlSession, id: DeviceId, nowMs: number): Promise<void> {
  await session.run("UPDATE devices SET last_seen_at_ms = $2 WHERE device_id = $1", [id, nowMs]);
}
