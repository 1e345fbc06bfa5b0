import { commentsResponseSchema, doneResponseSchema } from "@satchel/protocol";
import type {
  CommentRequest,
  CommentThread,
  DeleteCommentRequest,
  EntryId,
  ResolveThreadRequest,
} from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";

/** What people say about files; for {@link ApiClient.extend}. */
export interface CommentCalls {
  /** In the order in which they were begun. */
  comments(fileId: EntryId, options?: CallOptions): Promise<CommentThread[]>;
  /** Begins a thread, or answers in one. */
  comment(request: CommentRequest, options?: CallOptions): Promise<void>;
  resolveThread(request: ResolveThreadRequest, options?: CallOptions): Promise<void>;
  deleteComment(request: DeleteCommentRequest, options?: CallOptions): Promise<void>;
}

export function createCommentCalls(caller: Caller, makeKey: () => string): CommentCalls {
  const change = async (path: string, message: unknown, options?: CallOptions): Promise<void> => {
    const call = { method: "POST", path, ...jsonBody(message), idempotencyKey: makeKey() } as const;
    await callForJson(caller, call, doneResponseSchema, options);
  };
  return {
    async comments(fileId, options) {
      const call = { method: "GET", path: withQuery("/v1/comments", { file_id: fileId }) } as const;
      return (await callForJson(caller, call, commentsResponseSchema, options)).threads;
    },
    comment: (request, options) => change("/v1/comments", request, options),
    resolveThread: (request, options) => change("/v1/comments/resolve", request, options),
    deleteComment: (request, options) => change("/v1/comments/delete", request, options),
  };
}
