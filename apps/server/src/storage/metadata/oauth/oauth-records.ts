import type { AccountId, DeviceId } from "@satchel/protocol";
import { insertDevice } from "../identity/devices.ts";
import type { FoundOAuthRecord, OAuthRecord } from "../oauth-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface RecordRow {
  readonly id_hash: string;
  readonly payload: string;
  readonly consumed_at_ms: number | null;
}

const found = "SELECT id_hash, payload, consumed_at_ms FROM oauth_records WHERE kind = $1";

export async function putRecord(session: SqlSession, kind: string, idHash: string, record: OAuthRecord): Promise<void> {
  await session.run(
    `INSERT INTO oauth_records (kind, id_hash, payload, account_id, grant_id, uid_hash, user_code_hash, expires_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (kind, id_hash) DO UPDATE SET payload = excluded.payload, account_id = excluded.account_id, grant_id = excluded.grant_id,
       uid_hash = excluded.uid_hash, user_code_hash = excluded.user_code_hash, expires_at_ms = excluded.expires_at_ms`,
    [
      kind,
      idHash,
      record.payload,
      record.accountId,
      record.grantId,
      record.uidHash,
      record.userCodeHash,
      record.expiresAtMs,
    ],
  );
}

export async function findRecord(
  session: SqlSession,
  kind: string,
  idHash: string,
  nowMs: number,
): Promise<FoundOAuthRecord | undefined> {
  return await findOne(session, `${found} AND id_hash = $2 AND expires_at_ms > $3`, [kind, idHash, nowMs]);
}

export async function findRecordByUid(
  session: SqlSession,
  kind: string,
  uidHash: string,
  nowMs: number,
): Promise<FoundOAuthRecord | undefined> {
  return await findOne(session, `${found} AND uid_hash = $2 AND expires_at_ms > $3`, [kind, uidHash, nowMs]);
}

export async function findRecordByUserCode(
  session: SqlSession,
  kind: string,
  userCodeHash: string,
  nowMs: number,
): Promise<FoundOAuthRecord | undefined> {
  return await findOne(session, `${found} AND user_code_hash = $2 AND expires_at_ms > $3`, [kind, userCodeHash, nowMs]);
}

async function findOne(
  session: SqlSession,
  sql: string,
  parameters: readonly [string, string, number],
): Promise<FoundOAuthRecord | undefined> {
  const [row] = await session.all<RecordRow>(sql, parameters);
  return row && { idHash: row.id_hash, payload: row.payload, consumedAtMs: row.consumed_at_ms };
}

export async function consumeRecord(session: SqlSession, kind: string, idHash: string, nowMs: number): Promise<void> {
  await session.run("UPDATE oauth_records SET consumed_at_ms = $3 WHERE kind = $1 AND id_hash = $2", [
    kind,
    idHash,
    nowMs,
  ]);
}

export async function destroyRecord(session: SqlSession, kind: string, idHash: string): Promise<void> {
  await session.run("DELETE FROM oauth_records WHERE kind = $1 AND id_hash = $2", [kind, idHash]);
}

/** See OAuthStore.revokeGrant. */
export async function revokeGrant(session: SqlSession, deviceId: DeviceId, nowMs: number): Promise<void> {
  await session.run("DELETE FROM oauth_records WHERE grant_id = $1", [deviceId]);
  await session.run("UPDATE devices SET revoked_at_ms = COALESCE(revoked_at_ms, $2) WHERE device_id = $1", [
    deviceId,
    nowMs,
  ]);
}

interface GrantDevice {
  readonly id: DeviceId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly clientId: string;
  readonly scopes: string;
  readonly browser?: string | undefined;
  readonly nowMs: number;
}

/** See OAuthStore.createGrantDevice. */
export async function createGrantDevice(session: SqlSession, device: GrantDevice): Promise<DeviceId> {
  const { nowMs: createdAtMs, browser, ...rest } = device;
  const present = browser === undefined ? undefined : await goOnInBrowser(session, { ...device, browser });
  if (present !== undefined) return present;
  const times = { createdAtMs, lastSeenAtMs: null, revokedAtMs: null, expiresAtMs: null };
  await insertDevice(session, { ...rest, ...times, kind: "oauth" });
  if (browser !== undefined)
    await session.run("UPDATE devices SET browser_hash = $2 WHERE device_id = $1", [device.id, browser]);
  return device.id;
}

/** The device that this browser session has for the client already, with what it may do now. */
async function goOnInBrowser(
  session: SqlSession,
  { accountId, clientId, browser, name, scopes }: GrantDevice & { readonly browser: string },
): Promise<DeviceId | undefined> {
  const [row] = await session.all<{ device_id: DeviceId }>(
    `UPDATE devices SET name = $4, scopes = $5 WHERE device_id = (SELECT MIN(device_id) FROM devices
       WHERE browser_hash = $1 AND account_id = $2 AND client_id = $3 AND kind = 'oauth' AND revoked_at_ms IS NULL) RETURNING device_id`,
    [browser, accountId, clientId, name, scopes],
  );
  return row?.device_id;
}
