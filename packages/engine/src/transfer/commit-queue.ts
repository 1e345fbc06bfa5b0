import { Buffer } from "node:buffer";
import {
  encodeIdPart,
  formatTimestamp,
  idPartBytes,
  maxCommitBodyBytes,
  type CommitOperation,
  type CommitResponse,
  type CommitResult,
  type Cursor,
  type EntryId,
  type ProblemCode,
  type VersionHash,
} from "@satchel/protocol";
import type { RemoteOperation } from "@satchel/reconcile";
import { agree } from "../books/agree.ts";
import { settle, forget } from "../books/settle.ts";
import type { RemoteFeed } from "../feed/remote-feed.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { NamedChunk, Server } from "../ports/server.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";
import type { Carry } from "./carry.ts";
import type { TransferMeter } from "./transfer-meter.ts";

/** The most operations in one commit: enough to make the round trip cheap, few enough that the other devices need not wait long for the first. */
const maxBatchOperations = 400;
/** The most bytes of small files that travel with one commit. */
const maxBatchBytes = Math.min(4 * 1024 * 1024, maxCommitBodyBytes);

export interface CommitContext {
  readonly state: StateStore;
  readonly manifests: ManifestStore;
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
}

/** One batch as it travels, and what each of its operations was about. */
interface Batch {
  readonly operations: {
    readonly plan: RemoteOperation;
    readonly wire: CommitOperation;
    readonly local: LocalRecord | undefined;
  }[];
  readonly carried: Map<string, NamedChunk & { bytes: Uint8Array }>;
  carriedBytes: number;
}

/**
 * Commits the remote operations of a plan, in order, in batches; stops at the first that the server could not be asked about. An operation whose file changed since the plan is left out, and planned
 * again. Each batch has its own idempotency key, so that a batch whose answer was lost does nothing when it is sent again.
 */
export async function commitAll(context: CommitContext, operations: readonly RemoteOperation[]): Promise<void> {
  let batch = emptyBatch();
  for (const operation of operations) {
    const added = addTo(batch, context, operation);
    if (added === "full") {
      await send(context, batch);
      batch = emptyBatch();
      addTo(batch, context, operation);
    }
  }
  await send(context, batch);
}

function emptyBatch(): Batch {
  return { operations: [], carried: new Map(), carriedBytes: 0 };
}

function addTo(batch: Batch, context: CommitContext, plan: RemoteOperation): "added" | "left_out" | "full" {
  const local = context.state.local.find(plan.id);
  const wire = toWire(context, plan, local);
  if (!wire) return "left_out";
  const contentHash = "content" in wire ? (wire.content.version_hash as VersionHash) : undefined;
  const bytes = contentHash === undefined ? undefined : context.carry.find(contentHash);
  const full =
    batch.operations.length >= maxBatchOperations ||
    (batch.carriedBytes > 0 && batch.carriedBytes + (bytes?.length ?? 0) > maxBatchBytes);
  if (full) return "full";
  batch.operations.push({ plan, wire, local });
  if (contentHash !== undefined && bytes) carryChunks(batch, context.manifests, contentHash, bytes);
  return "added";
}

function carryChunks(batch: Batch, manifests: ManifestStore, contentHash: VersionHash, bytes: Uint8Array): void {
  let offset = 0;
  for (const chunk of manifests.find(contentHash) ?? []) {
    if (!batch.carried.has(chunk.hash)) {
      batch.carried.set(chunk.hash, { ...chunk, bytes: bytes.subarray(offset, offset + chunk.sizeBytes) });
      batch.carriedBytes += chunk.sizeBytes;
    }
    offset += chunk.sizeBytes;
  }
}

/** What to ask of the server, from what is known now; undefined when the plan no longer fits. */
function toWire(
  { state, manifests, clock }: CommitContext,
  plan: RemoteOperation,
  local: LocalRecord | undefined,
): CommitOperation | undefined {
  const { id } = plan;
  switch (plan.do) {
    case "create_remote": {
      if (!local || local.content === "unknown") return undefined;
      const place = { id, parent_id: plan.place.parentId, name: plan.place.name };
      const mark = local.conflictOf === null ? {} : { conflict_of: local.conflictOf };
      if (local.type === "folder") return { op: "create_folder", ...place };
      if (local.type === "link")
        return {
          op: "create_link",
          ...place,
          ...mark,
          link_target: local.linkTarget ?? "",
          modified: formatTimestamp(clock.nowMs()),
        };
      const content = contentOf(manifests, local);
      return content && { op: "create_file", ...place, ...mark, content };
    }
    case "edit_remote": {
      const base = state.remote.find(id)?.versionId;
      if (!local || local.content === "unknown" || !base) return undefined;
      if (local.type === "link")
        return {
          op: "edit_link",
          id,
          base_version_id: base,
          link_target: local.linkTarget ?? "",
          modified: formatTimestamp(clock.nowMs()),
        };
      const content = contentOf(manifests, local);
      return content && { op: "edit_file", id, base_version_id: base, content };
    }
    case "touch_remote":
      return { op: "touch", id, modified: formatTimestamp(plan.modifiedMs), executable: plan.executable };
    case "move_remote": {
      const mark = local && local.conflictOf !== null ? { conflict_of: local.conflictOf } : {};
      return {
        op: "move",
        id,
        parent_id: plan.place.parentId,
        name: plan.place.name,
        base_parent_id: plan.base.parentId,
        base_name: plan.base.name,
        ...mark,
      };
    }
    case "delete_remote":
      return { op: "delete", id };
  }
}

function contentOf(manifests: ManifestStore, local: LocalRecord) {
  const packed = local.contentHash === null ? undefined : manifests.findPacked(local.contentHash);
  if (!packed || local.contentHash === null) return undefined;
  return {
    version_hash: local.contentHash,
    size: local.sizeBytes,
    chunks: Buffer.from(packed).toString("base64"),
    modified: formatTimestamp(local.modifiedMs),
    executable: local.executable,
  };
}

async function send(context: CommitContext, batch: Batch): Promise<void> {
  const { state, server, entropy, meter } = context;
  const seen = state.cursor;
  if (batch.operations.length === 0 || seen === undefined) return;
  const response = await server.commit({
    seen,
    operations: batch.operations.map(({ wire }) => wire),
    carried: [...batch.carried.values()],
    idempotencyKey: encodeIdPart(entropy.bytes(idPartBytes)),
  });
  meter.sent(batch.carriedBytes);
  state.transaction(() => takeIn(context, batch, response));
}

function takeIn(context: CommitContext, batch: Batch, response: CommitResponse): void {
  for (const [index, { plan, wire, local }] of batch.operations.entries()) {
    const result = response.results[index];
    if (result?.status === "done") applyDone(context, plan, wire, local, result);
    if (result?.status === "failed") applyRefused(context, plan, local, result);
  }
  context.feed.advance(response.before as Cursor, response.cursor as Cursor);
}

/** The server did it: the remote tree says so without waiting for the feed to tell. */
function applyDone(
  { state, manifests, carry, meter }: CommitContext,
  plan: RemoteOperation,
  wire: CommitOperation,
  local: LocalRecord | undefined,
  result: CommitResult & { status: "done" },
): void {
  const { id } = plan;
  const known = state.remote.find(id);
  if (known && known.sequence >= result.sequence) return;
  if (wire.op === "delete") {
    state.remote.remove(id);
    if (!state.local.find(id)) forget(state, id);
    return;
  }
  const versionId = result.version_id ?? known?.versionId ?? null;
  const { sequence } = result;
  if (wire.op === "move" && known) {
    const moved = {
      ...known,
      parentId: wire.parent_id,
      name: wire.name,
      sequence,
      conflictOf: wire.conflict_of ?? null,
    };
    state.remote.put(moved);
    agree(state, id, moved, "place");
  } else if (wire.op === "touch" && known) {
    const touched = {
      ...known,
      modifiedMs: Date.parse(wire.modified),
      executable: wire.executable,
      versionId,
      sequence,
    };
    state.remote.put(touched);
    agree(state, id, touched, "attributes");
  } else if (local) {
    const place =
      "parent_id" in wire
        ? { parentId: wire.parent_id, name: wire.name }
        : { parentId: known?.parentId ?? null, name: known?.name ?? local.name };
    const { type, contentHash, sizeBytes, modifiedMs, executable, linkTarget, conflictOf } = local;
    const committed = {
      id,
      ...place,
      type,
      contentHash,
      sizeBytes,
      modifiedMs,
      executable,
      linkTarget,
      conflictOf,
      versionId,
      sequence,
    };
    state.remote.put(committed);
    agree(state, id, committed, "parent_id" in wire ? "all" : "content");
    if (type === "file" && contentHash !== null) {
      manifests.becameLocal(contentHash);
      carry.drop(contentHash);
      meter.sentFiles += 1;
    }
  }
  settle(state, id);
}

function applyRefused(
  { state, resend, onRefused }: CommitContext,
  plan: RemoteOperation,
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
