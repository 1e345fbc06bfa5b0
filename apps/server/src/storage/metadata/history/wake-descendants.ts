import type { EntryId } from "@satchel/protocol";
import { lookUp } from "../sql/look-up.ts";
import type { ChangeSet } from "../commit/change-set.ts";

/**
 * Everything below a folder that came back is alive again, and nobody who had heard of the folder's end knows it any more: each of these entries takes a sequence, so that the feed tells it again. One statement, whatever their number. The change set's
 * own view of them is out of date afterwards, so this is a transaction's last change.
 */
export async function wakeDescendants(changes: ChangeSet, folderId: EntryId): Promise<void> {
  const { session, workspaceId } = changes.context;
  await changes.flush();
  const children = lookUp(session.dialect, {
    table: "entries e",
    where: "e.workspace_id = $1 AND e.parent_id = below.entry_id AND e.deleted_at_ms IS NULL",
  });
  const count = await session.run(
    `UPDATE entries SET sequence = $3 + woken.place
     FROM (
       WITH RECURSIVE below (entry_id) AS (
         SELECT e.entry_id FROM entries e WHERE e.workspace_id = $1 AND e.parent_id = $2 AND e.deleted_at_ms IS NULL
         UNION
         SELECT e.entry_id FROM below ${children}
       )
       SELECT below.entry_id, row_number() OVER (ORDER BY below.entry_id) AS place FROM below
     ) AS woken
     WHERE entries.workspace_id = $1 AND entries.entry_id = woken.entry_id`,
    [workspaceId, folderId, changes.after.sequence],
  );
  changes.takeSequences(count);
}
