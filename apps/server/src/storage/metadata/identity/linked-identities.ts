import { ProblemError, type AccountId } from "@satchel/protocol";
import type { LinkedIdentity } from "../sign-in-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface LinkRow {
  readonly issuer: string;
  readonly subject: string;
  readonly account_id: AccountId;
  readonly label: string;
  readonly linked_at_ms: number;
}

const columns = "issuer, subject, account_id, label, linked_at_ms";

export async function findLinked(
  session: SqlSession,
  issuer: string,
  subject: string,
): Promise<LinkedIdentity | undefined> {
  const sql = `SELECT ${columns} FROM linked_identities WHERE issuer = $1 AND subject = $2`;
  const [row] = await session.all<LinkRow>(sql, [issuer, subject]);
  return row && toIdentity(row);
}

export async function listLinked(session: SqlSession, accountId: AccountId): Promise<LinkedIdentity[]> {
  const sql = `SELECT ${columns} FROM linked_identities WHERE account_id = $1 ORDER BY linked_at_ms, issuer, subject`;
  return (await session.all<LinkRow>(sql, [accountId])).map(toIdentity);
}

/** See SignInStore.link. */
export async function link(session: SqlSession, identity: LinkedIdentity): Promise<void> {
  const inserted = await session.run(
    `INSERT INTO linked_identities (${columns}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (issuer, subject) DO NOTHING`,
    [identity.issuer, identity.subject, identity.accountId, identity.label, identity.linkedAtMs],
  );
  if (inserted === 0) throw new ProblemError("account_exists", "This identity is linked to an account already");
}

export async function unlink(
  session: SqlSession,
  identity: Pick<LinkedIdentity, "accountId" | "issuer" | "subject">,
): Promise<void> {
  await session.run("DELETE FROM linked_identities WHERE account_id = $1 AND issuer = $2 AND subject = $3", [
    identity.accountId,
    identity.issuer,
    identity.subject,
  ]);
}

function toIdentity(row: LinkRow): LinkedIdentity {
  return {
    issuer: row.issuer,
    subject: row.subject,
    accountId: row.account_id,
    label: row.label,
    linkedAtMs: row.linked_at_ms,
  };
}
