import type { AccountId } from "@satchel/protocol";
import type { Account } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { findAccount } from "./accounts.ts";

export async function createJoinCode(
  session: SqlSession,
  code: { readonly secretHash: string; readonly accountId: AccountId; readonly expiresAtMs: number },
): Promise<void> {
  await session.run("INSERT INTO join_codes (secret_hash, account_id, expires_at_ms) VALUES ($1, $2, $3)", [
    code.secretHash,
    code.accountId,
    code.expiresAtMs,
  ]);
}

/** See IdentityStore.redeemJoinCode. Of two who redeem one code at once, one gets it: the row can be deleted only once. */
export async function redeemJoinCode(
  session: SqlSession,
  secretHash: string,
  nowMs: number,
): Promise<Account | undefined> {
  const sql = "DELETE FROM join_codes WHERE secret_hash = $1 RETURNING account_id, expires_at_ms";
  const [code] = await session.all<{ account_id: AccountId; expires_at_ms: number }>(sql, [secretHash]);
  if (!code || code.expires_at_ms <= nowMs) return undefined;
  const account = await findAccount(session, code.account_id);
  return account?.disabledAtMs === null ? account : undefined;
}
