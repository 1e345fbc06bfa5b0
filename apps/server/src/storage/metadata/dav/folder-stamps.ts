import { rootEntryId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { decodeJournalState } from "../commit/journal-record.ts";
import type { FolderStamp, FolderStamps } from "../dav-store.ts";
import { lockWorkspace, readWorkspace } from "../rows/workspace-row.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlDatabase, type SqlSession } from "../sql/sql-database.ts";
import { WorkingTree } from "../tree/working-tree.ts";

/** The most changes that are followed one by one; after more of them, every folder counts as changed. */
export const maxFollowedChanges = 20_000;

interface Stamped {
  readonly base_sequence: number;
  readonly base_at_ms: number;
  readonly stamped_up_to: number;
}

interface JournalRow {
  readonly sequence: number;
  readonly at_ms: number;
  readonly state_before: string | null;
  readonly state_after: string;
}

const putStamps = defineInsert(
  "folder_stamps",
  { workspace_id: "text", folder_id: "text", sequence: "int", at_ms: "int" },
  "ON CONFLICT (workspace_id, folder_id) DO UPDATE SET sequence = excluded.sequence, at_ms = excluded.at_ms",
);

/**
 * See DavStore.folderStamps. Commits do nothing for it: whoever asks takes what the journal has had since, so that workspaces that nobody looks at this way cost nothing.
 */
export async function folderStamps(
  database: SqlDatabase,
  workspaceId: WorkspaceId,
  folders: readonly EntryId[],
): Promise<FolderStamps> {
  const known = await database.read(async (session) => {
    const { head, epoch } = await readWorkspace(session, workspaceId);
    const stamped = await findStamped(session, workspaceId);
    if (stamped?.stamped_up_to !== head) return undefined;
    return { epoch, stamps: await readStamps(session, { workspaceId, folders, base: stamped }) };
  });
  if (known) return known;
  return await database.transaction(async (session) => {
    const { head, epoch } = await lockWorkspace(session, workspaceId);
    const base = await catchUp(session, workspaceId, { sequence: head, atMs: await timeOfHead(session, workspaceId) });
    return { epoch, stamps: await readStamps(session, { workspaceId, folders, base }) };
  });
}

/** Takes what the journal has had so far, for whoever is about to take records out of it. Nothing where nobody has asked yet. */
export async function keepUpStamps(session: SqlSession, workspaceId: WorkspaceId, headSequence: number): Promise<void> {
  if (!(await findStamped(session, workspaceId))) return;
  await catchUp(session, workspaceId, { sequence: headSequence, atMs: await timeOfHead(session, workspaceId) });
}

async function findStamped(session: SqlSession, workspaceId: WorkspaceId): Promise<Stamped | undefined> {
  const [row] = await session.all<Stamped>(
    "SELECT base_sequence, base_at_ms, stamped_up_to FROM stamped_workspaces WHERE workspace_id = $1",
    [workspaceId],
  );
  return row;
}

/** Of a workspace in which nothing was changed yet, when it was made. */
async function timeOfHead(session: SqlSession, workspaceId: WorkspaceId): Promise<number> {
  const [row] = await session.all<{ readonly at_ms: number }>(
    "SELECT COALESCE(head_at_ms, created_at_ms) AS at_ms FROM workspaces WHERE workspace_id = $1",
    [workspaceId],
  );
  return row?.at_ms ?? 0;
}

async function catchUp(session: SqlSession, workspaceId: WorkspaceId, head: FolderStamp): Promise<Stamped> {
  const stamped = await findStamped(session, workspaceId);
  const changes =
    stamped && (await changesAfter(session, { workspaceId, after: stamped.stamped_up_to, head: head.sequence }));
  if (!stamped || !changes) {
    await session.run("DELETE FROM folder_stamps WHERE workspace_id = $1", [workspaceId]);
    const anew = { base_sequence: head.sequence, base_at_ms: head.atMs, stamped_up_to: head.sequence };
    await putStamped(session, workspaceId, anew);
    return anew;
  }
  const stamps = await stampsOf(session, workspaceId, changes);
  // Numbers that were given without a record, to what was restored along with its folder, are changes as well.
  stamps.set(rootEntryId(workspaceId), head);
  const rows = [...stamps].map(([folderId, { sequence, atMs }]) => [workspaceId, folderId, sequence, atMs]);
  await session.insert(putStamps, rows);
  await putStamped(session, workspaceId, { ...stamped, stamped_up_to: head.sequence });
  return stamped;
}

async function putStamped(session: SqlSession, workspaceId: WorkspaceId, stamped: Stamped): Promise<void> {
  await session.run(
    `INSERT INTO stamped_workspaces (workspace_id, base_sequence, base_at_ms, stamped_up_to) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace_id) DO UPDATE SET base_sequence = excluded.base_sequence, base_at_ms = excluded.base_at_ms, stamped_up_to = excluded.stamped_up_to`,
    [workspaceId, stamped.base_sequence, stamped.base_at_ms, stamped.stamped_up_to],
  );
}

/** Newest first; undefined where they are too many, or the journal was pruned beyond the place, or went back before it. */
async function changesAfter(
  session: SqlSession,
  { workspaceId, after, head }: { readonly workspaceId: WorkspaceId; readonly after: number; readonly head: number },
): Promise<JournalRow[] | undefined> {
  if (after > head) return undefined;
  const [oldest] = await session.all<{ readonly sequence: number | null }>(
    "SELECT MIN(sequence) AS sequence FROM journal WHERE workspace_id = $1",
    [workspaceId],
  );
  if ((oldest?.sequence ?? head + 1) > after + 1) return undefined;
  const rows = await session.all<JournalRow>(
    "SELECT sequence, at_ms, state_before, state_after FROM journal WHERE workspace_id = $1 AND sequence > $2 ORDER BY sequence DESC LIMIT $3",
    [workspaceId, after, maxFollowedChanges + 1],
  );
  return rows.length > maxFollowedChanges ? undefined : rows;
}

/**
 * The folders that changes were in, with all above them as they are now. What moved between stamped its old and its new folder, so one that held a change at its time and no longer does has a change of its own.
 */
async function stampsOf(
  session: SqlSession,
  workspaceId: WorkspaceId,
  changes: readonly JournalRow[],
): Promise<Map<EntryId, FolderStamp>> {
  const places = changes.flatMap(({ sequence, at_ms: atMs, state_before, state_after }) =>
    [state_before, state_after].flatMap((state) => {
      const folder = state === null ? null : decodeJournalState(state).parent_id;
      return folder === null ? [] : [{ stamp: { sequence, atMs }, folder }];
    }),
  );
  const tree = new WorkingTree(session, workspaceId);
  await tree.load(places.map(({ folder }) => folder));
  const stamps = new Map<EntryId, FolderStamp>();
  for (const { stamp, folder } of places) {
    // Whatever is above one that has a stamp has one that is as high: the newest come first.
    for (
      let at = tree.find(folder);
      at && !stamps.has(at.entry_id);
      at = at.parent_id ? tree.find(at.parent_id) : undefined
    )
      stamps.set(at.entry_id, stamp);
  }
  return stamps;
}

async function readStamps(
  session: SqlSession,
  {
    workspaceId,
    folders,
    base,
  }: { readonly workspaceId: WorkspaceId; readonly folders: readonly EntryId[]; readonly base: Stamped },
): Promise<FolderStamp[]> {
  const asked = listTable(session.dialect, "$2", "asked", { folder_id: "text" });
  const byFolder = lookUp(session.dialect, {
    table: "folder_stamps f",
    where: "f.workspace_id = $1 AND f.folder_id = asked.folder_id",
  });
  const rows = await session.all<{ readonly folder_id: EntryId; readonly sequence: number; readonly at_ms: number }>(
    `SELECT f.folder_id, f.sequence, f.at_ms FROM ${asked} ${byFolder}`,
    [workspaceId, listParameter(folders.map((folder_id) => ({ folder_id })))],
  );
  const stamps = new Map(rows.map((row) => [row.folder_id, { sequence: row.sequence, atMs: row.at_ms }]));
  return folders.map((folder) => stamps.get(folder) ?? { sequence: base.base_sequence, atMs: base.base_at_ms });
}
