import type { DeviceId } from "@satchel/protocol";
import type { RefreshTokenRecord, RotationOutcome } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { findDevice, insertRefreshToken } from "./devices.ts";

interface TokenRow {
  readonly device_id: DeviceId;
  readonly expires_at_ms: number;
  readonly next_token_hash: string | null;
}

/** See IdentityStore.rotateRefreshToken. */
export async function rotateRefreshToken(
  session: SqlSession,
  request: { tokenHash: string; next: Omit<RefreshTokenRecord, "deviceId">; nowMs: number },
): Promise<RotationOutcome> {
  const { tokenHash, next, nowMs } = request;
  const token = await readToken(session, tokenHash);
  const found = token && (await findDevice(session, token.device_id));
  if (!found) return { outcome: "unknown" };
  const { device, account } = found;
  if (device.revokedAtMs !== null) return { outcome: "revoked" };
  if (account.disabledAtMs !== null) return { outcome: "disabled" };
  if (token.next_token_hash !== null) {
    if (await isRepetition(session, token, next.tokenHash)) return { outcome: "rotated", device, account };
    await session.run("UPDATE devices SET revoked_at_ms = $2 WHERE device_id = $1", [device.id, nowMs]);
    return { outcome: "reused", device: { ...device, revokedAtMs: nowMs } };
  }
  if (token.expires_at_ms <= nowMs) return { outcome: "expired" };
  await insertRefreshToken(session, { ...next, deviceId: device.id });
  const sql = "UPDATE refresh_tokens SET next_token_hash = $2 WHERE token_hash = $1";
  await session.run(sql, [tokenHash, next.tokenHash]);
  return { outcome: "rotated", device, account };
}

/** The same exchange once more, because its answer was lost: the next token is the one of then, and was not used yet. */
async function isRepetition(session: SqlSession, token: TokenRow, nextHash: string): Promise<boolean> {
  if (token.next_token_hash !== nextHash) return false;
  const next = await readToken(session, nextHash);
  return next?.next_token_hash === null;
}

async function readToken(session: SqlSession, tokenHash: string): Promise<TokenRow | undefined> {
  const lock = session.dialect === "sqlite" ? "" : "FOR UPDATE";
  const sql = `SELECT device_id, expires_at_ms, next_token_hash FROM refresh_tokens WHERE token_hash = $1 ${lock}`;
  const [row] = await session.all<TokenRow>(sql, [tokenHash]);
  return row;
}
