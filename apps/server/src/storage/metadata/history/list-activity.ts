import {
  formatTimestamp,
  ProblemError,
  rootEntryId,
  type ActivityRecord,
  type EntryId,
  type WorkspaceId,
} from "@satchel/protocol";
import { decodeJournalState } from "../commit/journal-record.ts";
import { findAlsoBy } from "../rows/also-by.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { ChangeKind } from "../tree-store.ts";
import { WorkingTree } from "../tree/working-tree.ts";

/** How many records of the journal one call looks at, at most: a quiet folder in a busy workspace is found over several pages. */
const maxLookedAt = 5000;
/** Records of one look. */
const blockSize = 500;

interface ActivityRow {
  readonly sequence: number;
  readonly entry_id: EntryId;
  readonly kind: ChangeKind;
  readonly state_before: string | null;
  readonly state_after: string;
  readonly at_ms: number;
  readonly author: string | null;
  readonly device: string | null;
  readonly also_by: string | null;
}

interface ActivityQuery {
  readonly workspaceId: WorkspaceId;
  readonly within: EntryId;
  readonly after: string | undefined;
  readonly limit: number;
}

/** See HistoryStore.listActivity. */
export async function listActivity(
  session: SqlSession,
  { workspaceId, within, after, limit }: ActivityQuery,
): Promise<{ records: ActivityRecord[]; next: string | null }> {
  const tree = new WorkingTree(session, workspaceId);
  await tree.load([within]);
  if (!tree.find(within)) throw new ProblemError("not_found", "There is no such entry");
  const isAll = within === rootEntryId(workspaceId);
  const records: ActivityRecord[] = [];
  let before = parsePosition(after);
  for (let lookedAt = 0; lookedAt < maxLookedAt; lookedAt += blockSize) {
    const rows = await readBlock(session, workspaceId, before);
    await tree.load(rows.map((row) => row.entry_id));
    const alsoBy = await findAlsoBy(session, rows);
    for (const row of rows) {
      before = row.sequence;
      const isWanted = isAll || row.entry_id === within || tree.isWithin(row.entry_id, within);
      if (isWanted && tree.find(row.entry_id)) records.push(toRecord(tree, row, alsoBy(row)));
      if (records.length === limit) return { records, next: String(before) };
    }
    if (rows.length < blockSize) return { records, next: null };
  }
  return { records, next: String(before) };
}

async function readBlock(session: SqlSession, workspaceId: WorkspaceId, before: number): Promise<ActivityRow[]> {
  return await session.all<ActivityRow>(
    `SELECT j.sequence, j.entry_id, j.kind, j.state_before, j.state_after, j.at_ms, j.also_by, a.name AS author, d.name AS device
     FROM journal j LEFT JOIN accounts a ON a.account_id = j.account_id LEFT JOIN devices d ON d.device_id = j.device_id
     WHERE j.workspace_id = $1 AND j.sequence < $2 ORDER BY j.sequence DESC LIMIT $3`,
    [workspaceId, before, blockSize],
  );
}

/** Where the entry is now, under which name it was then, and before. */
function toRecord(tree: WorkingTree, row: ActivityRow, alsoBy: string[]): ActivityRecord {
  const entry = tree.find(row.entry_id);
  if (!entry) throw new Error(`entry ${row.entry_id} was looked up before`);
  const then = decodeJournalState(row.state_after);
  const before = row.state_before === null ? undefined : decodeJournalState(row.state_before);
  return {
    sequence: row.sequence,
    at: formatTimestamp(row.at_ms),
    kind: row.kind,
    file_id: row.entry_id,
    type: entry.type,
    path: tree.pathOf(entry),
    name: then.name,
    name_before: before !== undefined && before.name !== then.name ? before.name : null,
    version: then.version_id,
    author: row.author ?? "",
    ...(alsoBy.length > 0 && { also_by: alsoBy }),
    device: row.device,
  };
}

function parsePosition(after: string | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^[0-9]{1,15}$/.test(after)) throw new ProblemError("bad_cursor");
  return Number(after);
}
