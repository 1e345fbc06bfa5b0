import type { AccountId } from "@satchel/protocol";
import type { OneTimeSecret, SecretPurpose } from "../sign-in-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface SecretRow {
  readonly purpose: SecretPurpose;
  readonly account_id: AccountId | null;
  readonly payload: string;
  readonly expires_at_ms: number;
}

interface SecretQuery {
  readonly secretHash: string;
  readonly purpose: SecretPurpose;
  readonly nowMs: number;
}

export async function putSecret(session: SqlSession, secretHash: string, secret: OneTimeSecret): Promise<void> {
  await session.run(
    "INSERT INTO one_time_secrets (secret_hash, purpose, account_id, payload, expires_at_ms) VALUES ($1, $2, $3, $4, $5)",
    [secretHash, secret.purpose, secret.accountId, secret.payload, secret.expiresAtMs],
  );
}

export async function findSecret(session: SqlSession, query: SecretQuery): Promise<OneTimeSecret | undefined> {
  const sql =
    "SELECT purpose, account_id, payload, expires_at_ms FROM one_time_secrets WHERE secret_hash = $1 AND purpose = $2 AND expires_at_ms > $3";
  const [row] = await session.all<SecretRow>(sql, [query.secretHash, query.purpose, query.nowMs]);
  return row && toSecret(row);
}

/** Of two who take one at once, one gets it: the row can be deleted only once. */
export async function takeSecret(session: SqlSession, query: SecretQuery): Promise<OneTimeSecret | undefined> {
  const sql =
    "DELETE FROM one_time_secrets WHERE secret_hash = $1 AND purpose = $2 AND expires_at_ms > $3 RETURNING purpose, account_id, payload, expires_at_ms";
  const [row] = await session.all<SecretRow>(sql, [query.secretHash, query.purpose, query.nowMs]);
  return row && toSecret(row);
}

/** See SignInStore.listSecrets. */
export async function listSecrets(
  session: SqlSession,
  { purpose, nowMs, limit }: { readonly purpose: SecretPurpose; readonly nowMs: number; readonly limit: number },
): Promise<(OneTimeSecret & { readonly secretHash: string })[]> {
  const sql = `SELECT secret_hash, purpose, account_id, payload, expires_at_ms FROM one_time_secrets
     WHERE purpose = $1 AND expires_at_ms > $2 ORDER BY expires_at_ms, secret_hash LIMIT $3`;
  const rows = await session.all<SecretRow & { readonly secret_hash: string }>(sql, [purpose, nowMs, limit]);
  return rows.map((row) => ({ ...toSecret(row), secretHash: row.secret_hash }));
}

export async function dropSecrets(session: SqlSession, accountId: AccountId, purpose: SecretPurpose): Promise<void> {
  await session.run("DELETE FROM one_time_secrets WHERE account_id = $1 AND purpose = $2", [accountId, purpose]);
}

function toSecret(row: SecretRow): OneTimeSecret {
  return {
    purpose: row.purpose,
    accountId: row.account_id,
    payload: row.payload,
    expiresAtMs: row.expires_at_ms,
  };
}
