import type { StorageUsage } from "@satchel/protocol";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { Cache } from "../../storage/cache/cache.ts";
import type { LedgerStore, StorageUse } from "../../storage/metadata/ledger-store.ts";

/** How long an answer is remembered: it reads every version of the workspace. */
export const usageCacheMs = 5000;

export interface Usage {
  /** What the caller's own workspace uses, and for what. */
  read(caller: Caller): Promise<StorageUsage>;
}

export function createUsage({
  authorisation,
  ledger,
  cache,
}: {
  readonly authorisation: Authorisation;
  readonly ledger: LedgerStore;
  readonly cache: Cache<StorageUse>;
}): Usage {
  return {
    async read(caller) {
      const workspaceId = await authorisation.requireWorkspace(caller, caller.rootWorkspaceId);
      const use = await cache.getOrFill(workspaceId, () => ledger.use(workspaceId));
      return {
        workspace_id: workspaceId,
        used_bytes: use.usedBytes,
        quota_bytes: use.quotaBytes,
        free_bytes: use.quotaBytes === null ? null : Math.max(0, use.quotaBytes - use.usedBytes),
        pending_bytes: use.pendingBytes,
        files_bytes: use.filesBytes,
        versions_bytes: use.versionsBytes,
        trash_bytes: use.trashBytes,
      };
    },
  };
}
