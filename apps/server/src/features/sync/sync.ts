import { packedChunkBytes } from "@satchel/chunking";
import {
  maxChangesPerPage,
  maxPushedBytes,
  ProblemError,
  type ChangesPage,
  type CommitRequest,
  type CommitResponse,
  type EntryId,
  type VersionId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { CarriedChunk } from "../../storage/bus/bus.ts";
import type { ChunkSize } from "../../storage/metadata/ledger-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import { pairChunks, parsePackedChunks } from "../chunks/packed-chunks.ts";
import { authorOf } from "../identity/principal.ts";
import type { PublishCommit } from "./commit-publisher.ts";
import { encodeCursor, parseCursor } from "./cursor.ts";
import { idempotencyOf, type RepeatableRequest } from "./idempotency.ts";
import type { KnownHeads } from "./known-heads.ts";

export interface Sync {
  /**
   * Stores what the commit carries, applies its operations, and tells the other devices. `body` holds the bytes of `request.carried`.
   * @throws not_found, bad_request, hash_mismatch, cursor_expired, cursor_ahead, key_reused, storage_full
   */
  commit(caller: Caller, command: CommitCommand): Promise<CommitResponse>;
  /** @throws not_found, bad_cursor, cursor_expired, cursor_ahead */
  changes(
    caller: Caller,
    query: { workspaceId: WorkspaceId; cursor: string | undefined; limit: number | undefined },
  ): Promise<ChangesPage>;
  /** Base64 of each version's packed chunks; null for one that is gone. @throws not_found */
  manifests(
    caller: Caller,
    query: { workspaceId: WorkspaceId; versions: readonly { id: EntryId; version_id: VersionId }[] },
  ): Promise<(string | null)[]>;
}

export interface CommitCommand {
  readonly request: CommitRequest;
  /** Not looked at any more once the commit has settled. */
  readonly body: Uint8Array;
  readonly repeatable: RepeatableRequest | undefined;
}

interface SyncParts {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
  readonly transfer: ChunkTransfer;
  readonly heads: KnownHeads;
  readonly publish: PublishCommit;
  readonly host: Host;
}

export function createSync(parts: SyncParts): Sync {
  const { authorisation, tree } = parts;
  return {
    commit: (caller, command) => commit(parts, caller, command),
    async changes(caller, { workspaceId, cursor, limit }) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const page = await tree.changesSince({
        workspaceId,
        after,
        limit: Math.min(limit ?? maxChangesPerPage, maxChangesPerPage),
      });
      return { changes: [...page.changes], cursor: encodeCursor(page.position), has_more: page.hasMore };
    },
    async manifests(caller, { workspaceId, versions }) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const found = await tree.manifests(
        workspaceId,
        versions.map(({ id, version_id }) => ({ id, versionId: version_id })),
      );
      return found.map((packed) => (packed ? Buffer.from(packed).toString("base64") : null));
    },
  };
}

async function commit(
  parts: SyncParts,
  caller: Caller,
  { request, body, repeatable }: CommitCommand,
): Promise<CommitResponse> {
  const workspaceId = await parts.authorisation.requireWorkspace(caller, request.workspace_id);
  const seen = parseCursor(request.seen);
  await parts.heads.requireReached(workspaceId, seen);
  const { granted, carried } = await keepCarried(parts, workspaceId, { packed: request.carried, body });
  const outcome = await parts.tree.commit({
    workspaceId,
    author: authorOf(caller),
    seenSequence: seen.sequence,
    operations: request.operations,
    granted,
    idempotency: idempotencyOf(caller, repeatable),
    nowMs: parts.host.nowMs(),
  });
  parts.publish({ workspaceId, origin: caller.deviceId, outcome, carried });
  return { results: [...outcome.results], before: encodeCursor(outcome.before), cursor: encodeCursor(outcome.after) };
}

/**
 * Makes what was carried durable; the commit grants it, in its own transaction. Answers with copies of the bytes, if they are few enough to
 * push on: the bytes themselves are the store's, or are lent for the time of the request.
 */
async function keepCarried(
  { transfer }: SyncParts,
  workspaceId: WorkspaceId,
  { packed, body }: { packed: string | undefined; body: Uint8Array },
): Promise<{ granted: ChunkSize[]; carried: CarriedChunk[] }> {
  if (packed === undefined || packed === "") {
    if (body.length > 0)
      throw new ProblemError("bad_request", "the frame has bytes that its head doesn't name in `carried`");
    return { granted: [], carried: [] };
  }
  const chunks = pairChunks(parsePackedChunks(packed, Math.ceil(packed.length / packedChunkBytes)), body);
  const granted = chunks.map(({ hash, bytes }) => ({ hash, sizeBytes: bytes.length }));
  const carried =
    body.length <= maxPushedBytes ? chunks.map(({ hash, bytes }) => ({ hash, bytes: Uint8Array.from(bytes) })) : [];
  await transfer.keep(workspaceId, chunks);
  return { granted, carried };
}
