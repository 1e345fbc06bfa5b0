import { workspaceOfEntry, type EntryId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import { maxToldChanges } from "../../storage/metadata/history-store.ts";
import type { TransferOutcome, TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { authorOf } from "../identity/principal.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import { idempotencyOf, type RepeatableRequest } from "../sync/idempotency.ts";

/** Moves over the border of a shared folder. */
export interface Transfer {
  /** Takes an entry and its versions into a folder of another workspace; where it was, it is in the trash. The caller may change both. @throws not_found, forbidden, name_taken, share_nested, limit_exceeded, quota_exceeded, content_quarantined, key_reused, bad_request */
  transfer(
    caller: Caller,
    request: {
      readonly id: EntryId;
      readonly parentId: EntryId;
      readonly name: string;
      readonly repeatable: RepeatableRequest | undefined;
    },
  ): Promise<{ readonly id: EntryId; readonly path: string }>;
}

interface TransferParts {
  readonly authorisation: Authorisation;
  readonly tree: Pick<TreeStore, "transfer">;
  readonly publish: PublishCommit;
  readonly host: Pick<Host, "nowMs">;
}

export function createTransfer({ authorisation, tree, publish, host }: TransferParts): Transfer {
  const tell = (entryId: EntryId, outcome: TransferOutcome["brought"]): void => {
    if (!outcome) return;
    // No message is larger than that of a commit: of more, everybody asks.
    const changes = outcome.changes.slice(0, maxToldChanges);
    const isComplete = changes.length === outcome.changes.length;
    const workspaceId = workspaceOfEntry(entryId);
    publish({ workspaceId, origin: null, outcome: { ...outcome, changes }, carried: [], isComplete });
  };
  return {
    async transfer(caller, { id, parentId, name, repeatable }) {
      const outcome = await tree.transfer({
        id: await authorisation.requireEntry(caller, id),
        parentId: await authorisation.requireEntry(caller, parentId),
        name,
        author: authorOf(caller),
        idempotency: idempotencyOf(caller, repeatable),
        nowMs: host.nowMs(),
      });
      tell(parentId, outcome.brought);
      tell(id, outcome.removed);
      return { id: outcome.id, path: outcome.path };
    },
  };
}
