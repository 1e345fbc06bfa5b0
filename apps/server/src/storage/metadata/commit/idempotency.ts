import { ProblemError } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";
import { defineInsert } from "../sql/sql-database.ts";
import type { CommitBatch } from "../tree-store.ts";

/** How long a key is remembered. */
export const idempotencyWindowMs = 24 * 60 * 60 * 1000;

/** What a request with an idempotency key tells of itself. */
type Repeatable = Pick<CommitBatch, "workspaceId" | "author" | "idempotency" | "nowMs">;

const insertAnswer = defineInsert(
  "idempotency",
  { workspace_id: "text", account_id: "text", key: "text", request_hash: "text", response: "text", at_ms: "int" },
  `ON CONFLICT (workspace_id, account_id, key) DO UPDATE SET request_hash = excluded.request_hash, response = excluded.response, at_ms = excluded.at_ms`,
);

/** The answer that the request's key got before; undefined when it is new. Keys of different accounts never meet. @throws key_reused */
export async function findAnswer<Answer>(session: SqlSession, batch: Repeatable): Promise<Answer | undefined> {
  if (!batch.idempotency) return undefined;
  const { key, requestHash } = batch.idempotency;
  const [row] = await session.all<{ request_hash: string; response: string }>(
    "SELECT request_hash, response FROM idempotency WHERE workspace_id = $1 AND account_id = $2 AND key = $3 AND at_ms > $4",
    [batch.workspaceId, batch.author.accountId, key, batch.nowMs - idempotencyWindowMs],
  );
  if (!row) return undefined;
  if (row.request_hash !== requestHash) throw new ProblemError("key_reused");
  return JSON.parse(row.response) as Answer;
}

export async function keepAnswer(session: SqlSession, batch: Repeatable, answer: unknown): Promise<void> {
  if (!batch.idempotency) return;
  const { key, requestHash } = batch.idempotency;
  const { workspaceId, author, nowMs } = batch;
  await session.insert(insertAnswer, [
    [workspaceId, author.accountId, key, requestHash, JSON.stringify(answer), nowMs],
  ]);
}
