import type { AuditChain } from "../audit-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { sealChain } from "../audit-chain.ts";

interface ChainRow {
  readonly pruned_sequence: number;
  readonly pruned_hash: string;
  readonly last_sequence: number;
  readonly last_hash: string;
  readonly seal: string;
}

const select = "SELECT pruned_sequence, pruned_hash, last_sequence, last_hash, seal FROM audit_chain WHERE chain = 1";

/** Undefined while nothing was ever recorded. */
export async function readChainRow(session: SqlSession): Promise<AuditChain | undefined> {
  const [row] = await session.all<ChainRow>(select);
  return row && toChain(row);
}

/** Holds off every other writer of the chain until the transaction's end; begins the chain where there is none. */
export async function lockChain(session: SqlSession, key: Uint8Array): Promise<AuditChain> {
  const empty = { prunedSequence: 0, prunedHash: "", lastSequence: 0, lastHash: "" };
  await session.run(
    `INSERT INTO audit_chain (chain, pruned_sequence, pruned_hash, last_sequence, last_hash, seal) VALUES (1, 0, '', 0, '', $1)
     ON CONFLICT (chain) DO NOTHING`,
    [sealChain(key, empty)],
  );
  const [row] = await session.all<ChainRow>(session.dialect === "sqlite" ? select : `${select} FOR UPDATE`);
  if (!row) throw new Error("the audit chain has no row");
  return toChain(row);
}

/** Writes both ends of the locked chain, sealed. */
export async function writeChain(session: SqlSession, key: Uint8Array, chain: Omit<AuditChain, "seal">): Promise<void> {
  const { prunedSequence, prunedHash, lastSequence, lastHash } = chain;
  await session.run(
    "UPDATE audit_chain SET pruned_sequence = $1, pruned_hash = $2, last_sequence = $3, last_hash = $4, seal = $5 WHERE chain = 1",
    [prunedSequence, prunedHash, lastSequence, lastHash, sealChain(key, chain)],
  );
}

function toChain(row: ChainRow): AuditChain {
  return {
    prunedSequence: row.pruned_sequence,
    prunedHash: row.pruned_hash,
    lastSequence: row.last_sequence,
    lastHash: row.last_hash,
    seal: row.seal,
  };
}
