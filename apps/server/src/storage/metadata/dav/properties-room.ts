import { ProblemError, type WorkspaceId } from "@satchel/protocol";
import { maxDavCharactersOfAccount } from "../dav-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** What a property takes up, in characters. */
export const propertyLength = "LENGTH(p.namespace) + LENGTH(p.name) + LENGTH(p.value)";

const ofOwner = "owner_account_id = (SELECT w.owner_account_id FROM workspaces w WHERE w.workspace_id = $1)";

/**
 * Counts what was added to the properties of a workspace, or taken from them, for the account that owns it. What is counted may be too much, since nobody takes off what goes with a pruned entry: so it is counted anew before anything is refused. Its caller holds the
 * workspace's row. @throws limit_exceeded
 */
export async function takeRoom(session: SqlSession, workspaceId: WorkspaceId, characters: number): Promise<void> {
  await session.run("UPDATE workspaces SET dav_characters = dav_characters + $2 WHERE workspace_id = $1", [
    workspaceId,
    characters,
  ]);
  if (characters <= 0 || (await countedOf(session, workspaceId)) <= maxDavCharactersOfAccount) return;
  await recountRoom(session, workspaceId);
  const [real] = await session.all<{ readonly characters: number }>(
    `SELECT CAST(COALESCE(SUM(${propertyLength}), 0) AS BIGINT) AS characters FROM dav_properties p
     WHERE p.workspace_id IN (SELECT workspace_id FROM workspaces WHERE ${ofOwner})`,
    [workspaceId],
  );
  if ((real?.characters ?? 0) > maxDavCharactersOfAccount)
    throw new ProblemError(
      "limit_exceeded",
      `what programs keep with the files of an account has at most ${maxDavCharactersOfAccount} characters`,
    );
}

/** Counts what a workspace has. */
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
