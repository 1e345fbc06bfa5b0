import {
  parseTimestamp,
  workspaceOfEntry,
  type Cursor,
  type EntryId,
  type RestorePreview,
  type VersionId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { HistoryStore } from "../../storage/metadata/history-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { authorOf } from "../identity/principal.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import { encodeCursor } from "../sync/cursor.ts";
import { idempotencyOf, type RepeatableRequest } from "../sync/idempotency.ts";

export interface Restore {
  /** Takes a version, a deleted entry or a folder's past back, and tells the devices. @throws not_found, key_reused */
  restore(
    caller: Caller,
    request: {
      id: EntryId;
      versionId: VersionId | undefined;
      at: string | undefined;
      repeatable: RepeatableRequest | undefined;
    },
  ): Promise<{ path: string; restored: number; cursor: Cursor }>;
  /** What taking a folder back to an instant would do. @throws not_found */
  preview(caller: Caller, request: { id: EntryId; at: string }): Promise<RestorePreview>;
}

export function createRestore({
  authorisation,
  history,
  publish,
  host,
}: {
  authorisation: Authorisation;
  history: HistoryStore;
  publish: PublishCommit;
  host: Host;
}): Restore {
  return {
    async restore(caller, { id, versionId, at, repeatable }) {
      const outcome = await history.restore({
        id: await authorisation.requireEntry(caller, id),
        author: authorOf(caller),
        versionId,
        atMs: at === undefined ? undefined : parseTimestamp(at),
        idempotency: idempotencyOf(caller, repeatable),
        nowMs: host.nowMs(),
      });
      // Every device, this one too, learns of it by the feed.
      const isComplete = outcome.changes.length === outcome.restored;
      publish({ workspaceId: workspaceOfEntry(id), origin: null, outcome, carried: [], isComplete });
      return { path: outcome.path, restored: outcome.restored, cursor: encodeCursor(outcome.after) };
    },
    async preview(caller, { id, at }) {
      const { restored, changes } = await history.previewRestore({
        id: await authorisation.requireEntry(caller, id),
        author: authorOf(caller),
        versionId: undefined,
        atMs: parseTimestamp(at),
        nowMs: host.nowMs(),
      });
      return {
        restored,
        changes: changes.map(({ kind, entry, path }) => ({ file_id: entry.id, kind, type: entry.type, path })),
      };
    },
  };
}
