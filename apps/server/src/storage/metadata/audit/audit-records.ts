import type { AccountId } from "@satchel/protocol";
import type { AuditChain, AuditRow, AuditStore, NewAuditRecord } from "../audit-store.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";
import { hashBody, hashRecord } from "../audit-chain.ts";
import { lockChain, readChainRow, writeChain } from "./chain-row.ts";

interface RecordRow {
  readonly sequence: number;
  readonly at_ms: number;
  readonly account_id: AccountId | null;
  readonly body: string | null;
  readonly body_hash: string;
  readonly record_hash: string;
}

const columns = "sequence, at_ms, account_id, body, body_hash, record_hash";

const insertRecord = defineInsert("audit_records", {
  sequence: "int",
  at_ms: "int",
  account_id: "text",
  body: "text",
  body_hash: "text",
  record_hash: "text",
});

/** See AuditStore.append. */
export async function appendRecords(
  session: SqlSession,
  records: readonly NewAuditRecord[],
  key: Uint8Array,
): Promise<void> {
  if (records.length === 0) return;
  const chain = await lockChain(session, key);
  let { lastSequence, lastHash } = chain;
  const rows = records.map(({ atMs, accountId, body }) => {
    const bodyHash = hashBody(body);
    lastSequence += 1;
    lastHash = hashRecord(key, lastHash, { sequence: lastSequence, atMs, bodyHash });
    return [lastSequence, atMs, accountId, body, bodyHash, lastHash];
  });
  await session.insert(insertRecord, rows);
  await writeChain(session, key, { ...chain, lastSequence, lastHash });
}

/** See AuditStore.list. */
export async function listRecords(
  session: SqlSession,
  { accountId, action, before, limit }: Parameters<AuditStore["list"]>[0],
): Promise<AuditRow[]> {
  const parameters: (string | number)[] = [before ?? Number.MAX_SAFE_INTEGER, limit];
  const conditions = ["sequence < $1"];
  const add = (condition: (name: string) => string, value: string): void => {
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  if (accountId !== undefined) add((name) => `account_id = ${name}`, accountId);
  // A body is the JSON that audit.ts wrote: it begins with the action.
  if (action !== undefined) add((name) => `SUBSTR(body, 1, LENGTH(${name})) = ${name}`, `{"action":"${action}",`);
  const rows = await session.all<RecordRow>(
    `SELECT ${columns} FROM audit_records WHERE ${conditions.join(" AND ")} ORDER BY sequence DESC LIMIT $2`,
    parameters,
  );
  return rows.map(toRow);
}

/** See AuditStore.readChain. */
export async function readChain(
  session: SqlSession,
  { after, limit }: Parameters<AuditStore["readChain"]>[0],
): Promise<{ chain: AuditChain; rows: AuditRow[] } | undefined> {
  const chain = await readChainRow(session);
  if (!chain) return undefined;
  const rows = await session.all<RecordRow>(
    `SELECT ${columns} FROM audit_records WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    [after ?? 0, limit],
  );
  return { chain, rows: rows.map(toRow) };
}

/** See AuditStore.prune. A record that is younger ends it, even if an older one follows: the chain has no holes. */
export async function pruneRecords(
  session: SqlSession,
  { beforeMs, limit, key }: Parameters<AuditStore["prune"]>[0],
): Promise<number> {
  const chain = await lockChain(session, key);
  const rows = await session.all<RecordRow>(
    `SELECT ${columns} FROM audit_records WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    [chain.prunedSequence, limit],
  );
  const young = rows.findIndex((row) => row.at_ms >= beforeMs);
  const old = young === -1 ? rows : rows.slice(0, young);
  const last = old.at(-1);
  if (!last) return 0;
  await session.run("DELETE FROM audit_records WHERE sequence <= $1", [last.sequence]);
  await writeChain(session, key, { ...chain, prunedSequence: last.sequence, prunedHash: last.record_hash });
  return old.length;
}

/** See AuditStore.erase. */
export async function eraseRecords(session: SqlSession, accountId: AccountId): Promise<number> {
  return await session.run("UPDATE audit_records SET body = NULL, account_id = NULL WHERE account_id = $1", [
    accountId,
  ]);
}

function toRow(row: RecordRow): AuditRow {
  return {
    sequence: row.sequence,
    atMs: row.at_ms,
    accountId: row.account_id,
    body: row.body,
    bodyHash: row.body_hash,
    recordHash: row.record_hash,
  };
}
