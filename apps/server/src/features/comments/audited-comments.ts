import { workspaceOfEntry } from "@satchel/protocol";
import type { Audit } from "../audit/audit.ts";
import type { Comments } from "./comments.ts";

/** The same, with a record where the owner of a folder takes back what somebody else said in it: for both. [CM4] */
export function auditedComments(comments: Comments, audit: Audit): Comments {
  return {
    ...comments,
    async remove(caller, request) {
      const removed = await comments.remove(caller, request);
      const { accountId, deviceId } = caller;
      const detail = { workspace: workspaceOfEntry(request.file_id), entry: request.file_id };
      if (removed.of === null) return removed;
      await audit.record({ action: "comment_removed", accountId, deviceId, detail });
      await audit.record({
        action: "comment_removed",
        accountId: removed.of,
        actor: accountId,
        deviceId: null,
        detail,
      });
      return removed;
    },
  };
}
