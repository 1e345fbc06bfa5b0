import { hashBody, hashRecord, sealChain } from "../../storage/metadata/audit-chain.ts";
import type { AuditChain, AuditRow, AuditStore } from "../../storage/metadata/audit-store.ts";

export interface ChainReport {
  /** Sentences for a person; none when the chain is whole. */
  readonly problems: readonly string[];
  readonly records: number;
  /** How many of them say nothing any more, since their account was erased. */
  readonly erased: number;
}

const recordsPerPage = 1000;
/** The most faults that are told: the first ones tell what happened. */
const maxProblems = 100;

/** Reads the whole audit log, and finds what was changed, left out, put in or cut off by anybody without the server's key. */
export async function verifyChain(store: AuditStore, key: Uint8Array): Promise<ChainReport> {
  const first = await store.readChain({ after: undefined, limit: recordsPerPage });
  if (!first) return { problems: [], records: 0, erased: 0 };
  const { chain } = first;
  const problems: string[] = [];
  const tell = (problem: string) => void (problems.length < maxProblems && problems.push(problem));
  if (sealChain(key, chain) !== chain.seal) tell("the audit log's ends don't have this server's seal");
  const end = { sequence: chain.prunedSequence, hash: chain.prunedHash };
  let erased = 0;
  let { rows } = first;
  while (rows.length > 0 && end.sequence < chain.lastSequence) {
    for (const row of rows) {
      // What came after the check began is for the next one.
      if (row.sequence > chain.lastSequence) break;
      const fault = findFault(key, end, row);
      if (fault) tell(`audit record ${row.sequence}: ${fault}`);
      if (row.body === null) erased += 1;
      end.sequence = row.sequence;
      end.hash = row.recordHash;
    }
    rows = (await store.readChain({ after: end.sequence, limit: recordsPerPage }))?.rows ?? [];
  }
  if (end.sequence !== chain.lastSequence || end.hash !== chain.lastHash)
    tell(`the audit log ends at record ${end.sequence}, not at ${chain.lastSequence}`);
  return { problems, records: countOf(chain, end.sequence), erased };
}

function findFault(
  key: Uint8Array,
  before: { readonly sequence: number; readonly hash: string },
  row: AuditRow,
): string | undefined {
  if (row.sequence !== before.sequence + 1) return `the records after ${before.sequence} are missing`;
  if (row.recordHash !== hashRecord(key, before.hash, row)) return "it was changed, or isn't this server's";
  if (row.body === null) return row.accountId === null ? undefined : "it was half erased";
  if (hashBody(row.body) !== row.bodyHash) return "what it says was changed";
  if ((JSON.parse(row.body) as { accountId: string | null }).accountId !== row.accountId)
    return "it was put under another account";
  return undefined;
}

function countOf({ prunedSequence }: AuditChain, last: number): number {
  return last - prunedSequence;
}
