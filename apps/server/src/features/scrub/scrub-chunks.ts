import type { ManifestChunk } from "@satchel/chunking";
import type { WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { DamagedChunk, ScrubRound } from "../../storage/metadata/scrub-store.ts";
import type { DamagedChunks } from "../chunks/damaged-chunks.ts";
import { findChunkFault } from "../chunks/find-chunk-fault.ts";

export interface ScrubParts {
  readonly metadata: Pick<MetadataStore, "maintenance" | "scrub">;
  readonly chunks: Pick<ChunkStore, "get" | "has">;
  readonly damaged: Pick<DamagedChunks, "add" | "askFor">;
  readonly host: Pick<Host, "nowMs">;
  /** So many bytes were read. */
  readonly count: (bytes: number) => void;
  readonly onDamaged: (chunks: readonly DamagedChunk[]) => void;
}

/** Everything is read once in this time; a server that is through before rests. */
const roundEveryMs = 30 * 24 * 3600_000;
/** What is read at a time, and is in memory then. */
const maxGroupBytes = 8 * 1024 * 1024;
const chunksPerPage = 200;
/** The least that reading a chunk counts, and looking into a workspace: many small ones are as many requests. */
const minChargeBytes = 16 * 1024;
/** Damaged chunks that are looked at again in one go. */
const maxTended = 1000;
/** Devices are asked for so many with one message. */
const askedTogether = 64;

/** Reads what is held a bit further than the last time, about `budgetBytes` of it, at most a group more, and notes what is damaged or lost. Who is killed meanwhile reads that bit again. [OP40] */
export async function scrubSome(parts: ScrubParts, budgetBytes: number, signal: AbortSignal): Promise<void> {
  let round = budgetBytes > 0 ? await nextRound(parts) : undefined;
  if (!round) return;
  try {
    for (let left = budgetBytes; left > 0 && round.endedAtMs === null && !signal.aborted;) {
      const step = await readNext(parts, round);
      round = step.round;
      left -= step.chargedBytes;
    }
  } finally {
    await parts.metadata.scrub.saveRound(round);
  }
}

/** Reads one group: a page of large chunks is much more than the budget, and nobody who stops waits for it. */
async function readNext(
  parts: ScrubParts,
  round: ScrubRound,
): Promise<{ readonly round: ScrubRound; readonly chargedBytes: number }> {
  const { maintenance } = parts.metadata;
  const workspaceId = round.workspaceId ?? (await maintenance.listWorkspaces({ after: undefined, limit: 1 }))[0];
  if (workspaceId === undefined) return { round: { ...round, endedAtMs: parts.host.nowMs() }, chargedBytes: 0 };
  const page = await maintenance.listHeldChunks({ workspaceId, after: round.after ?? undefined, limit: chunksPerPage });
  const group = firstGroup(page);
  if (group.length > 0) await readGroup(parts, workspaceId, group);
  const isLast = group.length === page.length && page.length < chunksPerPage;
  return {
    round: await stepOn(parts, round, { workspaceId, last: isLast ? undefined : group.at(-1) }),
    chargedBytes: group.reduce((sum, { sizeBytes }) => sum + Math.max(sizeBytes, minChargeBytes), minChargeBytes),
  };
}

/** The one that goes on, else a new one where the last is long enough ago. */
async function nextRound({ metadata: { scrub }, host }: ScrubParts): Promise<ScrubRound | undefined> {
  const last = await scrub.findRound();
  if (last && last.endedAtMs === null) return last;
  // A clock that was set back must not keep the next one away.
  if (last && Math.abs(host.nowMs() - last.beganAtMs) < roundEveryMs) return undefined;
  return { beganAtMs: host.nowMs(), endedAtMs: null, workspaceId: null, after: null };
}

/** On in the workspace, else to the next workspace, else to the end. */
async function stepOn(
  { metadata: { maintenance }, host }: ScrubParts,
  round: ScrubRound,
  { workspaceId, last }: { readonly workspaceId: WorkspaceId; readonly last: ManifestChunk | undefined },
): Promise<ScrubRound> {
  if (last) return { ...round, workspaceId, after: last.hash };
  const [next] = await maintenance.listWorkspaces({ after: workspaceId, limit: 1 });
  if (next !== undefined) return { ...round, workspaceId: next, after: null };
  return { ...round, workspaceId: null, after: null, endedAtMs: host.nowMs() };
}

async function readGroup(parts: ScrubParts, workspaceId: WorkspaceId, group: readonly ManifestChunk[]): Promise<void> {
  const found: DamagedChunk[] = [];
  if (!(await isWhole(parts, workspaceId, group)))
    for (const { hash, sizeBytes } of group)
      if (await findChunkFault(parts.chunks, { hash, sizeBytes }, workspaceId))
        found.push({ workspaceId, hash, sizeBytes });
  parts.count(group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  if (found.length === 0) return;
  await parts.metadata.scrub.addDamaged(found, parts.host.nowMs());
  parts.onDamaged(found);
}

/** The store verifies what it gives: of several copies the workspace's own, which its devices fetch past the server. [OP40] */
async function isWhole(
  { chunks }: ScrubParts,
  workspaceId: WorkspaceId,
  group: readonly ManifestChunk[],
): Promise<boolean> {
  const hashes = group.map(({ hash }) => hash);
  try {
    const read = await chunks.get(hashes, undefined, workspaceId);
    return read.every((bytes, index) => bytes?.length === group[index]?.sizeBytes);
  } catch (error) {
    if (error instanceof ChunkCorruptError) return false;
    throw error;
  }
}

/** As many as may be read at a time; at least one, where there is any. */
function firstGroup(page: readonly ManifestChunk[]): readonly ManifestChunk[] {
  let bytes = 0;
  const end = page.findIndex(({ sizeBytes }, index) => (bytes += sizeBytes) > maxGroupBytes && index > 0);
  return end === -1 ? page : page.slice(0, end);
}

/** Asks devices for what is known to be damaged, and forgets what is whole again. [OP41] */
export async function tendDamaged(
  { metadata: { scrub }, chunks, damaged, host }: ScrubParts,
  signal: AbortSignal,
): Promise<void> {
  const known = await scrub.takeDamaged({ limit: maxTended, nowMs: host.nowMs() });
  if (known.length === 0) return;
  const there = await chunks.has(known.map(({ hash }) => hash));
  const [whole, wanted]: [DamagedChunk[], DamagedChunk[]] = [[], []];
  for (const [index, chunk] of known.entries()) {
    if (signal.aborted) return;
    const isWanted = there[index] !== true || (await findChunkFault(chunks, chunk)) !== undefined;
    (isWanted ? wanted : whole).push(chunk);
  }
  await scrub.removeDamaged(whole);
  for (const [workspaceId, ofWorkspace] of Map.groupBy(wanted, (chunk) => chunk.workspaceId)) {
    for (const { hash } of ofWorkspace) damaged.add(hash);
    for (let start = 0; start < ofWorkspace.length; start += askedTogether)
      damaged.askFor(workspaceId, ofWorkspace.slice(start, start + askedTogether).map(toManifestChunk));
  }
}

function toManifestChunk({ hash, sizeBytes }: DamagedChunk): ManifestChunk {
  return { hash, sizeBytes };
}
