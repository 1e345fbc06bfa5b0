import {
  encodeIdPart,
  idPartBytes,
  maxCommitBodyBytes,
  type CommitOperation,
  type Cursor,
  type EntryId,
  type ProblemCode,
  type VersionHash,
} from "@satchel/protocol";
import { temporaryName } from "@satchel/reconcile";
import type { Offers } from "../books/offers.ts";
import type { RemoteFeed } from "../feed/remote-feed.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { NamedChunk, Server } from "../ports/server.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";
import type { Carry } from "./carry.ts";
import { toWire, type CommittedPlan, type PlannedChange } from "./commit-operation.ts";
import { offersOf, takeIn } from "./commit-outcome.ts";
import type { TransferMeter } from "./transfer-meter.ts";

/** The most operations in one commit: enough to make the round trip cheap, few enough that the other devices need not wait long for the first. */
const maxBatchOperations = 400;
/** The most bytes of small files that travel with one commit. */
const maxBatchBytes = Math.min(4 * 1024 * 1024, maxCommitBodyBytes);

/** Batches up to this size, and all that change what is there already, are written down before they are sent; larger ones of new entries only while that costs little. */
const maxRememberedOperations = 20;

export interface CommitContext {
  /** Writes down what was found out so far. */
  readonly keep: () => Promise<void>;
  /** The same, unless it would take much of the time. */
  readonly keepIfCheap: () => Promise<void>;
  readonly state: StateStore;
  readonly manifests: ManifestStore;
  readonly offers: Offers;
  readonly feed: RemoteFeed;
  readonly server: Server;
  readonly carry: Carry;
  readonly meter: TransferMeter;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Contents that the server turned out not to have, though an entry of it has: their bytes travel with the next commit. */
  readonly resend: Set<VersionHash>;
  /** The server refused: it knows something that this device does not. */
  readonly onRefused: (id: EntryId, code: ProblemCode, detail: string) => void;
  /** Others committed in between: nothing is to be planned before the feed was heard. */
  readonly onGap: () => void;
  /** The entry is in another folder on the server than before. */
  readonly onRemoteMoved: (id: EntryId) => void;
}

/** One batch as it travels, and what each of its operations was about. */
export interface CommitBatch {
  readonly operations: {
    readonly plan: CommittedPlan;
    readonly wire: CommitOperation;
    readonly local: LocalRecord | undefined;
  }[];
  readonly carried: Map<string, NamedChunk & { bytes: Uint8Array }>;
  carriedBytes: number;
  /** Entries that have a temporary name at this point of the batch: nobody else must see them so. */
  readonly unnamed: Set<EntryId>;
}

/** What a plan asks of the server, and up to where the feed was known when it was made. */
export interface PlannedCommit {
  readonly operations: readonly PlannedChange[];
  readonly seen: Cursor;
}

/**
 * Commits the remote operations of a plan, in order, in batches; stops at the first that the server could not be asked about. An operation whose file changed since the plan is left out, and planned
 * again. Each batch has its own idempotency key, so that a batch whose answer was lost does nothing when it is sent again.
 */
export async function commitAll(context: CommitContext, planned: PlannedCommit): Promise<void> {
  let { seen } = planned;
  let batch = emptyBatch();
  for (const operation of planned.operations) {
    const added = addTo(batch, context, operation);
    if (added === "full") {
      seen = await send(context, batch, seen);
      batch = emptyBatch();
      addTo(batch, context, operation);
    }
  }
  await send(context, batch, seen);
}

function emptyBatch(): CommitBatch {
  return { operations: [], carried: new Map(), carriedBytes: 0, unnamed: new Set() };
}

function addTo(batch: CommitBatch, context: CommitContext, planned: PlannedChange): "added" | "left_out" | "full" {
  const { plan } = planned;
  const local = context.state.local.find(plan.id);
  const wire = toWire(context, isUnanswered(context, planned, local) ? asEdit(planned) : planned, local);
  if (!wire) {
    readAgain(context, local);
    return "left_out";
  }
  const contents = contentsOf(wire).flatMap((contentHash) => {
    const bytes = context.carry.find(contentHash);
    return bytes ? [{ contentHash, bytes }] : [];
  });
  const sizeBytes = contents.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const full =
    batch.operations.length >=
      Math.min(maxBatchOperations, context.server.maxCommitOperations?.() ?? maxBatchOperations) ||
    (batch.carriedBytes > 0 && batch.carriedBytes + sizeBytes > maxBatchBytes);
  if (full && batch.unnamed.size === 0) return "full";
  batch.operations.push({ plan, wire, local });
  if (wire.op === "move") {
    if (wire.name === temporaryName(plan.id)) batch.unnamed.add(plan.id);
    else batch.unnamed.delete(plan.id);
  }
  for (const { contentHash, bytes } of contents) carryChunks(batch, context.manifests, contentHash, bytes);
  return "added";
}

/**
 * Whether this is a new time or mode for a content that the server may not have any more: this device offered it another, and was not answered. With the content it stays the person's decision, whichever of the
 * two the server has. [EN129]
 */
function isUnanswered({ offers }: CommitContext, { plan }: PlannedChange, local: LocalRecord | undefined): boolean {
  return (
    plan.do === "touch_remote" &&
    offers.of(plan.id).some(({ aspect, record }) => aspect === "content" && record.contentHash !== local?.contentHash)
  );
}

function asEdit({ plan, baseVersionId }: PlannedChange): PlannedChange {
  return { plan: { do: "edit_remote", id: plan.id }, baseVersionId };
}

function contentsOf(wire: CommitOperation): VersionHash[] {
  if (!("content" in wire)) return [];
  const own = wire.content.version_hash;
  return wire.op === "merge_file" ? [own, wire.merged.content.version_hash] : [own];
}

/** The chunk list of a content goes when a file that has it is settled; another file of the same content that is not must be read once more. [EN32] */
function readAgain({ state, manifests }: CommitContext, local: LocalRecord | undefined): void {
  if (local?.type !== "file" || local.content === "unknown" || local.contentHash === null) return;
  if (manifests.findPacked(local.contentHash) !== undefined) return;
  state.transaction(() => state.local.put({ ...local, content: "unknown" }));
}

function carryChunks(batch: CommitBatch, manifests: ManifestStore, contentHash: VersionHash, bytes: Uint8Array): void {
  let offset = 0;
  for (const chunk of manifests.find(contentHash) ?? []) {
    if (!batch.carried.has(chunk.hash)) {
      batch.carried.set(chunk.hash, { ...chunk, bytes: bytes.subarray(offset, offset + chunk.sizeBytes) });
      batch.carriedBytes += chunk.sizeBytes;
    }
    offset += chunk.sizeBytes;
  }
}

/** Answers with what is known to be seen after it: everything, when nobody else's change came in between. [RC76] */
async function send(context: CommitContext, batch: CommitBatch, seen: Cursor): Promise<Cursor> {
  const { state, server, entropy, meter, offers } = context;
  if (batch.operations.length === 0) return seen;
  const offered = state.transaction(() => offers.add(offersOf(state, batch)));
  // Who is killed between the commit and its answer has to know afterwards what was offered, or an edit made before the next start would look like a conflict.
  const isNew = batch.operations.every(({ plan }) => plan.do === "create_remote");
  if (!isNew || batch.operations.length <= maxRememberedOperations) await context.keep();
  else await context.keepIfCheap();
  const response = await server.commit({
    seen,
    operations: batch.operations.map(({ wire }) => wire),
    carried: [...batch.carried.values()],
    idempotencyKey: encodeIdPart(entropy.bytes(idPartBytes)),
  });
  meter.sent(batch.carriedBytes);
  state.transaction(() => takeIn(context, { batch, offered }, response));
  return response.before === seen ? response.cursor : seen;
}
