import type { ChunkHash } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { eachWorkspace } from "../../storage/metadata/each-workspace.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { isNeverUsed } from "./is-never-used.ts";

export interface RetentionPeriods {
  /** How long deleted files and old versions can be taken back. */
  readonly keepMs: number;
  /** How long a chunk that nobody refers to stays. */
  readonly graceMs: number;
  /** The most old versions that a file keeps; beyond, the oldest go. */
  readonly maxVersions: number;
  /** How long the audit log is kept. */
  readonly auditKeepMs: number;
}

export interface RetentionReport {
  readonly prunedVersions: number;
  readonly prunedEntries: number;
  readonly releasedChunks: number;
  readonly collectedChunks: number;
  readonly freedBytes: number;
  readonly prunedAuditRecords: number;
  readonly erasedAccounts: number;
}

export interface Retention {
  /** One round over everything. Bounded steps, safe beside every request, and may be killed anywhere. */
  run(signal: AbortSignal): Promise<RetentionReport>;
}

interface RetentionParts {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  readonly host: Host;
  readonly periods: RetentionPeriods;
  /** Seals the audit log when its beginning is pruned. */
  readonly auditKey: Uint8Array;
  /** Erases accounts that are due; answers how many. */
  readonly eraseDue: (signal: AbortSignal) => Promise<number>;
}

const itemsPerStep = 1000;
const chunksPerPage = 5000;
/** The most chunks that one round leaves for the next to collect; what is more waits its turn. */
const maxCandidates = 200_000;

interface Candidates {
  readonly hashes: ReadonlySet<ChunkHash>;
  /** When the round that found them began. */
  readonly sinceMs: number;
}

/**
 * Prunes what is past its time, and collects chunks that nobody holds, in two rounds: a chunk is removed when the round before found it unheld as well,
 * and nobody put or touched it since that round began. Whoever stores a chunk touches it before it is held, so that an upload between the rounds is seen.
 */
export function createRetention(parts: RetentionParts): Retention {
  let candidates: Candidates | undefined;
  return {
    async run(signal) {
      const nowMs = parts.host.nowMs();
      // First, so that the chunks of accounts that are gone are found unheld in this very round.
      const erasedAccounts = await parts.eraseDue(signal);
      const pruned = await pruneWorkspaces(parts, nowMs, signal);
      await parts.metadata.maintenance.dropExpired({ nowMs, idempotencyBeforeMs: nowMs - parts.periods.graceMs });
      const prunedAuditRecords = await pruneAudit(parts, nowMs, signal);
      const round = await collectRound(parts, { before: candidates, nowMs }, signal);
      candidates = { hashes: round.unheld, sinceMs: nowMs };
      const { freedBytes } = await parts.chunks.compact();
      return { ...pruned, collectedChunks: round.removed, freedBytes, prunedAuditRecords, erasedAccounts };
    },
  };
}

async function pruneWorkspaces(
  { metadata: { maintenance }, periods }: RetentionParts,
  nowMs: number,
  signal: AbortSignal,
) {
  const total = { prunedVersions: 0, prunedEntries: 0, releasedChunks: 0 };
  for await (const workspaceId of eachWorkspace(maintenance, signal)) {
    for (let more = true; more && !signal.aborted;) {
      const pruned = await maintenance.prune({ workspaceId, beforeMs: nowMs - periods.keepMs, limit: itemsPerStep });
      total.prunedVersions += pruned.versions;
      total.prunedEntries += pruned.entries;
      ({ more } = pruned);
    }
    for (let thinned = itemsPerStep; thinned === itemsPerStep && !signal.aborted;) {
      thinned = await maintenance.thinVersions({
        workspaceId,
        keep: periods.maxVersions,
        limit: itemsPerStep,
        nowMs,
      });
      total.prunedVersions += thinned;
    }
    for (let released = itemsPerStep; released === itemsPerStep && !signal.aborted;) {
      released = await maintenance.releaseChunks({
        workspaceId,
        beforeMs: nowMs - periods.graceMs,
        limit: itemsPerStep,
      });
      total.releasedChunks += released;
    }
  }
  return total;
}

async function pruneAudit(
  { metadata, periods, auditKey: key }: RetentionParts,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let pruned = itemsPerStep; pruned === itemsPerStep && !signal.aborted;) {
    pruned = await metadata.audit.prune({ beforeMs: nowMs - periods.auditKeepMs, limit: itemsPerStep, key });
    total += pruned;
  }
  return total;
}

/** Nothing, where the database is one in which nobody ever had anything. */
async function collectRound(
  { metadata, chunks }: RetentionParts,
  { before, nowMs }: { before: Candidates | undefined; nowMs: number },
  signal: AbortSignal,
): Promise<{ unheld: Set<ChunkHash>; removed: number }> {
  const { maintenance } = metadata;
  const unheld = new Set<ChunkHash>();
  let removed = 0;
  if (await isNeverUsed(metadata)) return { unheld, removed };
  for (let after: ChunkHash | undefined; !signal.aborted;) {
    const page = await chunks.list({ after, limit: chunksPerPage });
    if (page.length === 0) break;
    after = page.at(-1)?.hash;
    const settled = page.filter((chunk) => chunk.putAtMs < nowMs).map((chunk) => chunk.hash);
    const found = settled.length === 0 ? [] : await maintenance.findUnheld(settled);
    const twice = found.filter((hash) => before?.hashes.has(hash));
    if (before && twice.length > 0) {
      removed += (await chunks.removeUntouchedSince({ hashes: twice, sinceMs: before.sinceMs })).length;
    }
    for (const hash of found) if (unheld.size < maxCandidates) unheld.add(hash);
  }
  return { unheld, removed };
}
