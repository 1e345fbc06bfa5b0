import type { ChangeEvent, WorkspaceId } from "@satchel/protocol";
import type { CommittedMessage } from "../../storage/bus/bus.ts";
import type { EntryChange, FeedPosition } from "../../storage/metadata/tree-store.ts";
import { encodeCursor } from "../sync/cursor.ts";

/** A commit with more changes than this is told as one `changed`. */
export const maxEventsPerCommit = 100;

/** One event for each change of the commit, in feed order, or one `changed` for all when they are many. */
export function describeCommit({ workspaceId, after, changes, isComplete }: CommittedMessage): ChangeEvent[] {
  if (!isComplete || changes.length > maxEventsPerCommit) return [lookAgain(workspaceId, after)];
  return changes.map((change) => ({
    event: eventName(change),
    file_path: change.path,
    file_id: change.entry.id,
    workspace_id: workspaceId,
    cursor: encodeCursor({ ...after, sequence: change.entry.sequence }),
  }));
}

/** Something changed, up to `head`. */
export function lookAgain(workspaceId: WorkspaceId, head: FeedPosition): ChangeEvent {
  return { event: "changed", workspace_id: workspaceId, cursor: encodeCursor(head) };
}

function eventName({ kind, entry }: EntryChange): ChangeEvent["event"] {
  if (entry.type === "folder") {
    // A folder has nothing to update but its place; one that came back is new to whoever saw it go.
    return kind === "deleted"
      ? "folder_deleted"
      : kind === "moved" || kind === "updated"
        ? "folder_moved"
        : "folder_created";
  }
  switch (kind) {
    case "created":
    case "restored":
      return "file_created";
    case "updated":
      return "file_updated";
    case "moved":
      return "file_moved";
    case "deleted":
      return "file_deleted";
  }
}
