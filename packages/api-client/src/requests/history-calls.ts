import { activityResponseSchema, restorePreviewResponseSchema } from "@satchel/protocol";
import type { EntryId, RestorePreview } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery, type Parsed } from "./json-call.ts";

export type ActivityPage = Parsed<typeof activityResponseSchema>;

/** What happened to files and folders, and what going back would do; for {@link ApiClient.extend}. */
export interface HistoryCalls {
  /** Of a file, or of a folder with all that is in it; newest first. @throws ProblemError not_found */
  activity(of: { fileId: EntryId; cursor: string | null }, options?: CallOptions): Promise<ActivityPage>;
  /** What taking the folder back to the instant would change. Nothing changes. @throws ProblemError not_found */
  previewRestore(request: { fileId: EntryId; at: string }, options?: CallOptions): Promise<RestorePreview>;
}

export function createHistoryCalls(caller: Caller): HistoryCalls {
  return {
    activity: ({ fileId, cursor }, options) =>
      callForJson(
        caller,
        {
          method: "GET",
          path: withQuery("/v1/files/activity", { file_id: fileId, cursor: cursor ?? undefined, limit: 100 }),
        },
        activityResponseSchema,
        options,
      ),
    previewRestore: ({ fileId, at }, options) =>
      callForJson(
        caller,
        { method: "POST", path: "/v1/files/restore_preview", ...jsonBody({ file_id: fileId, at }) },
        restorePreviewResponseSchema,
        options,
      ),
  };
}
