import type { AccountId } from "@satchel/protocol";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";

const insertCodes = defineInsert("recovery_codes", { account_id: "text", code_hash: "text" });

/** See FactorStore.setRecoveryCodes. */
export async function setRecoveryCodes(
  session: SqlSession,
  accountId: AccountId,
  codeHashes: readonly string[],
): Promise<void> {
  await session.run("DELETE FROM recovery_codes WHERE account_id = $1", [accountId]);
  await session.insert(
    insertCodes,
    codeHashes.map((codeHash) => [accountId, codeHash]),
  );
}

export async function countRecoveryCodes(session: SqlSession, accountId: AccountId): Promise<number> {
  const sql = "SELECT COUNT(*) AS codes FROM recovery_codes WHERE account_id = $1";
  const [row] = await session.all<{ codes: number }>(sql, [accountId]);
  return row?.codes ?? 0;
}

export async function takeRecoveryCode(session: SqlSession, accountId: AccountId, codeHash: string): Promise<boolean> {
  const sql = "DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2";
  return (await session.run(sql, [accountId, codeHash])) === 1;
}
