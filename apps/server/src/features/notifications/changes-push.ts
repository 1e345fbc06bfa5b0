import { maxPushedBytes, maxPushedChanges, type ChangesPush, type WorkspaceId } from "@satchel/protocol";
import type { CommittedMessage } from "../../storage/bus/bus.ts";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";
import { encodeCursor } from "../sync/cursor.ts";

/** What a syncing device gets about another's commit: the changes themselves and the bytes, as far as they are few. */
export function describePush(message: CommittedMessage): ChangesPush {
  const push = emptyPush(message.workspaceId, message);
  if (!message.isComplete || message.changes.length > maxPushedChanges) return push;
  const bytes = message.carried.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const carried = bytes > maxPushedBytes ? [] : message.carried;
  return {
    ...push,
    changes: message.changes.map((change) => change.entry),
    ...(carried.length > 0 && {
      carried: carried.map(({ hash, bytes }) => ({ hash, bytes: Buffer.from(bytes).toString("base64") })),
    }),
  };
}

/** Only says that the feed has come from one place to another: 'look again'. */
export function emptyPush(
  workspaceId: WorkspaceId,
  { before, after }: { before: FeedPosition; after: FeedPosition },
): ChangesPush {
  return { event: "changes", workspace_id: workspaceId, before: encodeCursor(before), cursor: encodeCursor(after) };
}
