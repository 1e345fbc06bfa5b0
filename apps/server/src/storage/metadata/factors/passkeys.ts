import { ProblemError, type AccountId } from "@satchel/protocol";
import type { Passkey } from "../factor-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface PasskeyRow {
  readonly credential_id: string;
  readonly account_id: AccountId;
  readonly name: string;
  readonly public_key: Uint8Array;
  readonly counter: number;
  readonly transports: string;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number | null;
}

const columns = "credential_id, account_id, name, public_key, counter, transports, created_at_ms, last_used_at_ms";

export async function addPasskey(session: SqlSession, passkey: Passkey): Promise<void> {
  const inserted = await session.run(
    `INSERT INTO passkeys (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (credential_id) DO NOTHING`,
    [
      passkey.credentialId,
      passkey.accountId,
      passkey.name,
      passkey.publicKey,
      passkey.counter,
      passkey.transports.join(" "),
      passkey.createdAtMs,
      passkey.lastUsedAtMs,
    ],
  );
  if (inserted === 0) throw new ProblemError("account_exists", "This passkey is registered already");
}

export async function findPasskey(session: SqlSession, credentialId: string): Promise<Passkey | undefined> {
  const sql = `SELECT ${columns} FROM passkeys WHERE credential_id = $1`;
  const [row] = await session.all<PasskeyRow>(sql, [credentialId]);
  return row && toPasskey(row);
}

export async function listPasskeys(session: SqlSession, accountId: AccountId): Promise<Passkey[]> {
  const sql = `SELECT ${columns} FROM passkeys WHERE account_id = $1 ORDER BY created_at_ms, credential_id`;
  return (await session.all<PasskeyRow>(sql, [accountId])).map(toPasskey);
}

export async function usePasskey(
  session: SqlSession,
  credentialId: string,
  { counter, nowMs }: { readonly counter: number; readonly nowMs: number },
): Promise<void> {
  const sql = "UPDATE passkeys SET counter = $2, last_used_at_ms = $3 WHERE credential_id = $1";
  await session.run(sql, [credentialId, counter, nowMs]);
}

export async function removePasskey(session: SqlSession, accountId: AccountId, credentialId: string): Promise<void> {
  const sql = "DELETE FROM passkeys WHERE account_id = $1 AND credential_id = $2";
  if ((await session.run(sql, [accountId, credentialId])) === 0)
    throw new ProblemError("not_found", "There is no such passkey");
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    credentialId: row.credential_id,
    accountId: row.account_id,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports === "" ? [] : row.transports.split(" "),
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
