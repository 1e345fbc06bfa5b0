import type { EntryId } from "@satchel/protocol";
import { entryColumns, type EntryRow } from "../rows/entry-row.ts";
import type { ChangeSet } from "./change-set.ts";

/** What was in a folder when it was deleted stays deleted when the folder comes back, all but `kept`; from now on that is said of each child itself. */
export async function deleteChildren(changes: ChangeSet, folder: EntryRow, kept?: EntryId): Promise<void> {
  const { session, workspaceId, nowMs, author } = changes.context;
  await changes.flush();
  const children = await session.all<EntryRow>(
    `SELECT ${entryColumns("e")} FROM entries e WHERE e.workspace_id = $1 AND e.parent_id = $2 AND e.deleted_at_ms IS NULL ORDER BY e.entry_id`,
    [workspaceId, folder.entry_id],
  );
  changes.tree.add(children);
  for (const child of children) {
    if (child.entry_id !== kept)
      changes.change({ ...child, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
  }
}
