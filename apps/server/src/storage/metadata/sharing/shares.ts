import {
  maxSharesOfAccount,
  ProblemError,
  type AccountId,
  type EntryId,
  type ShareRole,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Member, SharedFolder, ShareStore } from "../share-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { WorkingTree } from "../tree/working-tree.ts";

interface ShareRow {
  readonly workspace_id: WorkspaceId;
  readonly name: string;
  readonly role: ShareRole;
  readonly owner: string | null;
  readonly root: WorkspaceId;
  readonly mount_id: EntryId | null;
  readonly members: number;
}

/** The owner counts as well. */
const shareColumns = `s.workspace_id, s.name, mine.role, o.name AS owner, me.root_workspace_id AS root, e.entry_id AS mount_id,
  1 + (SELECT count(*) FROM workspace_members m WHERE m.workspace_id = s.workspace_id) AS members`;

const shareTables = `(
    SELECT workspace_id, 'owner' AS role FROM workspaces WHERE owner_account_id = $1
    UNION ALL SELECT workspace_id, role FROM workspace_members WHERE account_id = $1
  ) AS mine
  JOIN shares s ON s.workspace_id = mine.workspace_id
  JOIN workspaces w ON w.workspace_id = s.workspace_id
  LEFT JOIN accounts o ON o.account_id = w.owner_account_id
  JOIN accounts me ON me.account_id = $1
  LEFT JOIN entries e ON e.workspace_id = me.root_workspace_id AND e.mounts = s.workspace_id`;

/** More than `maxSharesOfAccount`: accounts that own more since before that was counted keep and see them. */
const maxListedShares = 10 * maxSharesOfAccount;

/** See ShareStore.list. */
export async function listShares(session: SqlSession, accountId: AccountId): Promise<SharedFolder[]> {
  const rows = await session.all<ShareRow>(
    `SELECT ${shareColumns} FROM ${shareTables} ORDER BY s.name, s.workspace_id LIMIT ${maxListedShares}`,
    [accountId],
  );
  return await withPlaces(session, rows);
}

/** See ShareStore.find. */
export async function findShare(
  session: SqlSession,
  workspaceId: WorkspaceId,
  accountId: AccountId,
): Promise<SharedFolder | undefined> {
  const rows = await session.all<ShareRow>(`SELECT ${shareColumns} FROM ${shareTables} WHERE s.workspace_id = $2`, [
    accountId,
    workspaceId,
  ]);
  return (await withPlaces(session, rows)).at(0);
}

/** Is there room for one more shared folder in the account, owned or not? @throws limit_exceeded */
export async function requireRoomForShare(session: SqlSession, accountId: AccountId): Promise<void> {
  const [count] = await session.all<{ shares: number }>(
    `SELECT (SELECT count(*) FROM workspace_members WHERE account_id = $1)
       + (SELECT count(*) FROM workspaces w JOIN shares s ON s.workspace_id = w.workspace_id WHERE w.owner_account_id = $1) AS shares`,
    [accountId],
  );
  if ((count?.shares ?? 0) >= maxSharesOfAccount)
    throw new ProblemError(
      "limit_exceeded",
      `An account has at most ${maxSharesOfAccount} shared folders: leave some first, your own once another member owns them`,
    );
}

/** A mount in a deleted folder is none. */
async function withPlaces(session: SqlSession, rows: readonly ShareRow[]): Promise<SharedFolder[]> {
  const [first] = rows;
  if (!first) return [];
  const tree = new WorkingTree(session, first.root);
  await tree.load(rows.flatMap(({ mount_id }) => mount_id ?? []));
  return rows.map((row) => {
    const mount = row.mount_id === null ? undefined : tree.findAlive(row.mount_id);
    return {
      workspaceId: row.workspace_id,
      name: row.name,
      role: row.role,
      ownerName: row.owner ?? "",
      mountId: mount?.entry_id ?? null,
      mountPath: mount ? tree.pathOf(mount) : null,
      members: row.members,
    };
  });
}

/** What a share is called and whose it is. With `lock`, nobody changes its members before the transaction ends. @throws not_found */
export async function requireShare(
  session: SqlSession,
  workspaceId: WorkspaceId,
  { lock }: { readonly lock: boolean },
): Promise<{ readonly name: string; readonly owner: AccountId }> {
  const forUpdate = lock && session.dialect === "postgres" ? "FOR UPDATE OF w" : "";
  const [row] = await session.all<{ name: string; owner: AccountId }>(
    `SELECT s.name, w.owner_account_id AS owner FROM workspaces w JOIN shares s ON s.workspace_id = w.workspace_id WHERE w.workspace_id = $1 ${forUpdate}`,
    [workspaceId],
  );
  if (!row) throw new ProblemError("not_found", "There is no such shared folder");
  return row;
}

interface MemberRow {
  readonly account_id: AccountId;
  readonly name: string | null;
  readonly role: ShareRole;
  readonly added_at_ms: number;
}

/** See ShareStore.members. */
export async function listMembers(
  session: SqlSession,
  { workspaceId, after, limit }: Parameters<ShareStore["members"]>[0],
): ReturnType<ShareStore["members"]> {
  await requireShare(session, workspaceId, { lock: false });
  const owner = await session.all<MemberRow>(
    `SELECT w.owner_account_id AS account_id, a.name, 'owner' AS role, w.created_at_ms AS added_at_ms
     FROM workspaces w LEFT JOIN accounts a ON a.account_id = w.owner_account_id WHERE w.workspace_id = $1`,
    [workspaceId],
  );
  const rows = await session.all<MemberRow>(
    `SELECT m.account_id, a.name, m.role, m.added_at_ms FROM workspace_members m LEFT JOIN accounts a ON a.account_id = m.account_id
     WHERE m.workspace_id = $1 AND m.account_id > $2 ORDER BY m.account_id LIMIT $3`,
    [workspaceId, after ?? "", limit + 1],
  );
  const page = rows.slice(0, limit);
  const members = (after === undefined ? [...owner, ...page] : page).map((row): Member => ({
    accountId: row.account_id,
    name: row.name ?? "",
    role: row.role,
    addedAtMs: row.added_at_ms,
  }));
  return { members, next: rows.length > limit ? (page.at(-1)?.account_id ?? null) : null };
}
