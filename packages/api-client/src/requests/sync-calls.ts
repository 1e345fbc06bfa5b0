import {
  changesPageSchema,
  commitResponseSchema,
  encodeFrame,
  frameMediaType,
  manifestsResponseSchema,
  pollResponseSchema,
} from "@satchel/protocol";
import type {
  ChangesPage,
  CommitRequest,
  CommitResponse,
  Cursor,
  EntryId,
  VersionId,
  WorkspaceId,
} from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

export type PolledEvents = Parsed<typeof pollResponseSchema>;

export interface SyncCalls {
  /**
   * Applies a batch. `carried` are the bytes of the chunks that the request's `carried` names, in order, and are not copied. Give the same key when the same batch is
   * sent again after a crash: the answer is then the first one.
   */
  commit(request: CommitRequest, extra?: CommitExtra, options?: CallOptions): Promise<CommitResponse>;
  /** A page of the feed, from the beginning when there is no cursor. */
  changes(
    query: { workspaceId: WorkspaceId; cursor?: Cursor | undefined; limit?: number | undefined },
    options?: CallOptions,
  ): Promise<ChangesPage>;
  /** Packed manifests in the order asked, null for what is gone. */
  manifests(
    request: { workspaceId: WorkspaceId; versions: readonly { id: EntryId; version_id: VersionId }[] },
    options?: CallOptions,
  ): Promise<(string | null)[]>;
  /** Waits on the server until something changed after the cursor, at most `timeoutSeconds`. */
  /** `workspaceId` left out: the account's root folder. */
  poll(
    query: { workspaceId?: WorkspaceId | undefined; cursor?: Cursor | undefined; timeoutSeconds: number },
    options?: CallOptions,
  ): Promise<PolledEvents>;
}

export interface CommitExtra {
  readonly carried?: readonly Uint8Array[];
  readonly idempotencyKey?: string;
}

/** What the network may take beyond the time that the server was allowed to wait. */
const pollSlackMs = 15_000;

export function createSyncCalls(caller: Caller, makeKey: () => string): SyncCalls {
  return {
    commit(request, extra, options) {
      const carried = extra?.carried ?? [];
      const content =
        carried.length > 0 ? { contentType: frameMediaType, body: encodeFrame(request, carried) } : jsonBody(request);
      const call = {
        method: "POST",
        path: "/v1/sync/commit",
        ...content,
        idempotencyKey: extra?.idempotencyKey ?? makeKey(),
      } as const;
      return callForJson(caller, call, commitResponseSchema, options);
    },
    changes({ workspaceId, cursor, limit }, options) {
      const path = withQuery("/v1/sync/changes", { workspace_id: workspaceId, cursor, limit });
      return callForJson(caller, { method: "GET", path }, changesPageSchema, options);
    },
    async manifests({ workspaceId, versions }, options) {
      const call = {
        method: "POST",
        path: "/v1/sync/manifests",
        ...jsonBody({ workspace_id: workspaceId, versions }),
      } as const;
      return (await callForJson(caller, call, manifestsResponseSchema, options)).manifests;
    },
    poll({ workspaceId, cursor, timeoutSeconds }, options) {
      const path = withQuery("/v1/sync/poll", { workspace_id: workspaceId, cursor, timeout: timeoutSeconds });
      const call = { method: "GET", path, answerWithinMs: timeoutSeconds * 1000 + pollSlackMs } as const;
      return callForJson(caller, call, pollResponseSchema, options);
    },
  };
}
