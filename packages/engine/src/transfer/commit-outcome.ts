import {
  parseTimestamp,
  type CommitOperation,
  type CommitResponse,
  type CommitResult,
  type EntryId,
} from "@satchel/protocol";
import { viewOf } from "@satchel/reconcile";
import { agree, type AgreedAspect } from "../books/agree.ts";
import { followMark } from "../books/follow-mark.ts";
import { forget } from "../books/forget.ts";
import { pruneBelow } from "../books/prune-below.ts";
import { settle } from "../books/settle.ts";
import { filledWith, type Offer } from "../books/offers.ts";
import type { LocalRecord, RemoteRecord, StateStore } from "../state/state-store.ts";
import type { CommittedPlan } from "./commit-operation.ts";
import type { CommitBatch, CommitContext } from "./commit-queue.ts";

/** What a batch asks for, as it would be if the server does it. */
export function offersOf(state: StateStore, batch: CommitBatch): Offer[] {
  return batch.operations.flatMap(({ wire, local }) => {
    if (wire.op === "delete") return [];
    const known = state.remote.find(wire.id);
    const offer = committedRecord(wire, known, local, { sequence: known?.sequence ?? 0, version_id: null });
    if (!offer || wire.op !== "merge_file") return offer ?? [];
    // A merge that adds nothing can't be told from what was there.
    return wire.content.version_hash === known?.contentHash ? [] : { ...offer, merged: wire.merged.content };
  });
}

/** Writes down what the server did, and marks for planning what it refused. */
export function takeIn(
  context: CommitContext,
  { batch, offered }: { readonly batch: CommitBatch; readonly offered: number },
  response: CommitResponse,
): void {
  const open = new Set(batch.operations.map(({ plan }) => plan.id).filter((id) => context.offers.isOpen(id, offered)));
  context.offers.remove(offered);
  // What others did in between is in the same entries as what was done here: the feed must tell them whole. [EN12]
  const isComplete = context.feed.advance(response.before, response.cursor);
  if (!isComplete) context.onGap();
  for (const [index, { plan, wire, local }] of batch.operations.entries()) {
    const result = response.results[index];
    const isOpen = open.has(plan.id);
    if (result?.status === "done") applyDone(context, { plan, wire, local }, result, { isComplete, isOpen, offered });
    if (result?.status === "failed") applyRefused(context, plan, local, result);
  }
}

/**
 * The server did it: the remote tree says so without waiting for the feed to tell. The base is written also where either has moved on since: both sides had what
 * was committed.
 */
function applyDone(
  context: CommitContext,
  { plan, wire, local }: CommitBatch["operations"][number],
  result: CommitResult & { status: "done" },
  { isComplete, isOpen, offered }: { readonly isComplete: boolean; readonly isOpen: boolean; readonly offered: number },
): void {
  const { state } = context;
  const { id } = plan;
  const known = state.remote.find(id);
  const isNews = !context.feed.hasHeard(result.sequence) && (!known || known.sequence < result.sequence);
  if (wire.op === "delete") {
    if (isNews) state.remote.remove(id);
    // What others moved out of the folder just before is below it in the books until the feed has told of that: a later plan forgets what is then left. [EN132]
    if (isComplete && !state.local.find(id) && !state.remote.find(id)) forget(state, id);
    return;
  }
  const sequence = isComplete ? result.sequence : (known?.sequence ?? result.sequence);
  // What version others' content became by a new time or mode of this device's isn't known before the feed tells of that content.
  const version_id = isComplete || wire.op !== "touch" ? result.version_id : null;
  const committed = committedRecord(wire, known, local, { version_id, sequence });
  if (!committed) return;
  if (isNews && wire.op === "create_folder" && !isReachable(state, id)) pruneBelow(state, "remote", id);
  if (isNews) state.remote.put(committed.record);
  if (isNews && committed.aspect === "place") context.onRemoteMoved(id);
  if (wire.op === "move") followMark(state, id, wire.conflict_of ?? null);
  context.offers.supersede(id, committed.aspect, offered);
  // What the feed told of first is agreed on by now, and what was left out meanwhile was never here. [EN135] A merge that adds nothing was no offer.
  if (isOpen || wire.op === "merge_file") agree(state, id, baseAfter(wire, committed.record, result), committed.aspect);
  if (committed.aspect !== "place" && local) contentArrived(context, local);
  settle(state, id);
}

/** Whether the server has the entry, as far as is known. What was in a folder that others deleted is in the books until something is done about it, and on the server no more. [EN15] */
function isReachable(state: StateStore, id: EntryId): boolean {
  return viewOf(state.remote, state.rootId).find(id) !== undefined;
}

/** What both sides have had. Of a merge that is what the disk has: the merge comes to it as any other version does, and what is written meanwhile is merged with it. [EN111] */
function baseAfter(
  wire: CommitOperation,
  record: RemoteRecord,
  result: CommitResult & { status: "done" },
): RemoteRecord {
  const versionId = result.merged_version_id ?? null;
  return wire.op === "merge_file" ? { ...record, ...filledWith(wire.merged.content), versionId } : record;
}

/** The entry as the server has it after the operation, and which of its aspects the operation was about. */
function committedRecord(
  wire: Exclude<CommitOperation, { op: "delete" }>,
  known: RemoteRecord | undefined,
  local: LocalRecord | undefined,
  { sequence, version_id }: Pick<CommitResult & { status: "done" }, "sequence" | "version_id">,
): { record: RemoteRecord; aspect: AgreedAspect } | undefined {
  const versionId = version_id ?? known?.versionId ?? null;
  if (wire.op === "move") {
    const place = { parentId: wire.parent_id, name: wire.name, conflictOf: wire.conflict_of ?? null };
    return known && { record: { ...known, ...place, sequence }, aspect: "place" };
  }
  if (wire.op === "touch") {
    const attributes = { modifiedMs: parseTimestamp(wire.modified), executable: wire.executable };
    return known && { record: { ...known, ...attributes, versionId, sequence }, aspect: "attributes" };
  }
  if (wire.op === "merge_file")
    return known && { record: { ...known, ...filledWith(wire.content), versionId, sequence }, aspect: "content" };
  if (!local) return undefined;
  const { id, type, contentHash, sizeBytes, modifiedMs, executable, linkTarget, conflictOf } = local;
  const content = { contentHash, sizeBytes, modifiedMs, executable, linkTarget, versionId, sequence };
  if ("parent_id" in wire) {
    return { record: { id, type, parentId: wire.parent_id, name: wire.name, conflictOf, ...content }, aspect: "all" };
  }
  return known && { record: { ...known, ...content }, aspect: "content" };
}

function contentArrived({ manifests, carry, meter }: CommitContext, local: LocalRecord): void {
  if (local.type !== "file" || local.contentHash === null) return;
  manifests.becameLocal(local.contentHash);
  carry.drop(local.contentHash);
  meter.sentFiles += 1;
}

function applyRefused(
  { state, resend, onRefused }: CommitContext,
  plan: CommittedPlan,
  local: LocalRecord | undefined,
  result: CommitResult & { status: "failed" },
): void {
  const record = state.local.find(plan.id);
  // The server has no longer (or never had) what this device thought it had: read the file again, and send it.
  if (result.code === "chunk_missing" && record?.type === "file" && record.contentHash === local?.contentHash) {
    if (record.contentHash !== null) resend.add(record.contentHash);
    state.local.put({ ...record, content: "unknown" });
  }
  state.mark(plan.id);
  onRefused(plan.id, result.code, result.detail);
}
