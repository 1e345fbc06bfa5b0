import { ProblemError, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { maxDavCharactersOfAccount } from "../dav-store.ts";
import { inList, listParameter } from "../sql/list-table.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** What a property takes up, in characters. */
export const propertyLength = "LENGTH(p.namespace) + LENGTH(p.name) + LENGTH(p.value)";

const ofOwner = "owner_account_id = (SELECT w.owner_account_id FROM workspaces w WHERE w.workspace_id = $1)";

/**
 * Counts what was added to the properties of a workspace, or taken from them, for the account that owns it. Properties themselves are never counted here, so that somebody who is refused all the time costs no more than others. Its
 * caller holds the workspace's row. @throws limit_exceeded
 */
export async function takeRoom(session: SqlSession, workspaceId: WorkspaceId, characters: number): Promise<void> {
  await session.run("UPDATE workspaces SET dav_characters = dav_characters + $2 WHERE workspace_id = $1", [
    workspaceId,
    characters,
  ]);
  if (characters <= 0 || (await countedOf(session, workspaceId)) <= maxDavCharactersOfAccount) return;
  throw new ProblemError(
    "limit_exceeded",
    `what programs keep with the files of an account has at most ${maxDavCharactersOfAccount} characters`,
  );
}

/** Removes the properties of entries that are no more, and counts them off. Its caller holds the workspace's row. */
export async function removePropertiesOf(
  session: SqlSession,
  workspaceId: WorkspaceId,
  entryIds: readonly EntryId[],
): Promise<void> {
  const parameters = [workspaceId, listParameter(entryIds.map((entryId) => ({ entry_id: entryId })))];
  const ofEntries = `workspace_id = $1 AND ${inList(session.dialect, "$2", { entry_id: "text" })}`;
  await session.run(
    `UPDATE workspaces SET dav_characters = dav_characters
       - COALESCE((SELECT CAST(SUM(${propertyLength}) AS BIGINT) FROM dav_properties p WHERE ${ofEntries}), 0)
     WHERE workspace_id = $1`,
    parameters,
  );
  await session.run(`DELETE FROM dav_properties WHERE ${ofEntries}`, parameters);
}

/** Counts what a workspace has: where many properties went elsewhere at once. */
export async function recountRoom(session: SqlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.run(
    `UPDATE workspaces SET dav_characters = COALESCE((SELECT SUM(${propertyLength}) FROM dav_properties p WHERE p.workspace_id = $1), 0)
     WHERE workspace_id = $1`,
    [workspaceId],
  );
}

async function countedOf(session: SqlSession, workspaceId: WorkspaceId): Promise<number> {
  const sql = `SELECT CAST(COALESCE(SUM(dav_characters), 0) AS BIGINT) AS characters FROM workspaces WHERE ${ofOwner}`;
  const [row] = await session.all<{ readonly characters: number }>(sql, [workspaceId]);
  return row?.characters ?? 0;
}
