import { doneResponseSchema, presenceResponseSchema } from "@satchel/protocol";
import type { Presence, PresenceReport, WorkspaceId } from "@satchel/protocol";
import { noRetry } from "../retry/retry.ts";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";

/** Who has which file open; for {@link ApiClient.extend}. */
export interface PresenceCalls {
  presence(workspaceId: WorkspaceId, options?: CallOptions): Promise<Presence>;
  /** Says what is open here. Not repeated: it is said again before it is forgotten. */
  reportPresence(report: PresenceReport, options?: CallOptions): Promise<void>;
}

export function createPresenceCalls(caller: Caller): PresenceCalls {
  return {
    presence(workspaceId, options) {
      const path = withQuery("/v1/presence", { workspace_id: workspaceId });
      return callForJson(caller, { method: "GET", path }, presenceResponseSchema, options);
    },
    async reportPresence(report, options) {
      const call = { method: "POST", path: "/v1/presence", ...jsonBody(report) } as const;
      await callForJson(caller, call, doneResponseSchema, { retry: noRetry, ...options });
    },
  };
}
