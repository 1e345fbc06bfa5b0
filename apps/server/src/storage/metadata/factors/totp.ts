import { ProblemError, type AccountId } from "@satchel/protocol";
import type { TotpFactor } from "../factor-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface TotpRow {
  readonly sealed_secret: string;
  readonly confirmed_at_ms: number | null;
  readonly last_step: number;
}

export async function findTotp(session: SqlSession, accountId: AccountId): Promise<TotpFactor | undefined> {
  const sql = "SELECT sealed_secret, confirmed_at_ms, last_step FROM totp_factors WHERE account_id = $1";
  const [row] = await session.all<TotpRow>(sql, [accountId]);
  return row && { sealedSecret: row.sealed_secret, confirmedAtMs: row.confirmed_at_ms, lastStep: row.last_step };
}

/** See FactorStore.beginTotp. */
export async function beginTotp(session: SqlSession, accountId: AccountId, sealedSecret: string): Promise<void> {
  const written = await session.run(
    `INSERT INTO totp_factors (account_id, sealed_secret, last_step) VALUES ($1, $2, 0)
     ON CONFLICT (account_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, last_step = 0 WHERE totp_factors.confirmed_at_ms IS NULL`,
    [accountId, sealedSecret],
  );
  if (written === 0) throw new ProblemError("account_exists", "There is an authenticator app already");
}

/** See FactorStore.takeTotpStep. One statement, so that of two who bring the same code one is refused. */
export async function takeTotpStep(
  session: SqlSession,
  { accountId, step, confirmAtMs }: { accountId: AccountId; step: number; confirmAtMs: number | null },
): Promise<boolean> {
  const sql =
    "UPDATE totp_factors SET last_step = $2, confirmed_at_ms = COALESCE(confirmed_at_ms, $3) WHERE account_id = $1 AND last_step < $2";
  return (await session.run(sql, [accountId, step, confirmAtMs])) === 1;
}

export async function removeTotp(session: SqlSession, accountId: AccountId): Promise<void> {
  await session.run("DELETE FROM totp_factors WHERE account_id = $1", [accountId]);
}
