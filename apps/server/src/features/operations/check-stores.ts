import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import type { AuditStore } from "../../storage/metadata/audit-store.ts";
import { eachWorkspace } from "../../storage/metadata/each-workspace.ts";
import type { CheckProblem, MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";
import type { DamagedChunk } from "../../storage/metadata/scrub-store.ts";
import { verifyChain } from "../audit/verify-chain.ts";
import { findChunkFault, type ReadableChunks } from "../chunks/find-chunk-fault.ts";

export interface StoreCheck {
  readonly ok: boolean;
  readonly problems: readonly CheckProblem[];
  /** How many of each thing were looked at. */
  readonly checked: Readonly<Record<string, number>>;
}

/** What is done for a chunk that is missing or damaged: true once it is whole. */
export type RepairChunk = (chunk: DamagedChunk) => Promise<boolean>;

interface Stores {
  /** Left out to change nothing. What it repaired is no problem any more, and is counted as `repaired`. */
  readonly repair?: RepairChunk;
  readonly metadata: { readonly maintenance: MaintenanceStore };
  readonly chunks: ReadableChunks;
  /** The audit log with what it is sealed with; left out where there is no log to look at. */
  readonly audit?: { readonly store: AuditStore; readonly key: Uint8Array };
}

/** Chunks are listed many at a time, and read one by one. */
const chunksPerPage = 1000;
/** The most problems that are told; what comes after is counted only. */
const maxProblems = 1000;

/** Checks each workspace's structure, that each chunk it holds is stored and hashes to its name, and that the audit log is whole. */
export async function checkStores({ metadata: { maintenance }, chunks, audit, repair }: Stores): Promise<StoreCheck> {
  const problems: CheckProblem[] = [];
  const checked: Record<string, number> = { chunks: 0 };
  let found = 0;
  const report = (problem: CheckProblem): void => {
    found += 1;
    if (problems.length < maxProblems) problems.push(problem);
  };
  const counted: RepairChunk = async (chunk) => {
    const isWhole = (await repair?.(chunk)) === true;
    if (isWhole) checked["repaired"] = (checked["repaired"] ?? 0) + 1;
    return isWhole;
  };
  for await (const workspaceId of eachWorkspace(maintenance)) {
    const structure = await maintenance.check(workspaceId);
    for (const problem of structure.problems) report(problem);
    for (const [name, count] of Object.entries(structure.checked)) checked[name] = (checked[name] ?? 0) + count;
    checked["chunks"] =
      (checked["chunks"] ?? 0) +
      (await checkHeldChunks({ maintenance, chunks, workspaceId, report, repair: repair && counted }));
  }
  if (audit) {
    const chain = await verifyChain(audit.store, audit.key);
    for (const message of chain.problems) report({ code: "audit_chain_broken", workspaceId: null, message });
    checked["audit_records"] = chain.records;
  }
  if (found > problems.length)
    problems.push({ code: "more_problems", workspaceId: null, message: `${found - problems.length} more problems` });
  return { ok: found === 0, problems, checked };
}

async function checkHeldChunks(parts: {
  readonly maintenance: MaintenanceStore;
  readonly chunks: ReadableChunks;
  readonly workspaceId: WorkspaceId;
  readonly report: (problem: CheckProblem) => void;
  readonly repair: RepairChunk | undefined;
}): Promise<number> {
  const { maintenance, chunks, workspaceId, report, repair } = parts;
  let count = 0;
  for (let after: ChunkHash | undefined; ;) {
    const page = await maintenance.listHeldChunks({ workspaceId, after, limit: chunksPerPage });
    for (const { hash, sizeBytes } of page) {
      const fault = await findChunkFault(chunks, { hash, sizeBytes });
      if (fault === undefined || (await repair?.({ workspaceId, hash, sizeBytes }))) continue;
      report({ code: fault, workspaceId, message: `${describeFault[fault]}: ${hash}` });
    }
    count += page.length;
    after = page.at(-1)?.hash;
    if (page.length < chunksPerPage) return count;
  }
}

const describeFault = {
  chunk_missing: "a chunk is not in the chunk store",
  chunk_corrupt: "a chunk's bytes don't have its hash",
  chunk_size: "a chunk's size is not the one that is recorded",
};
