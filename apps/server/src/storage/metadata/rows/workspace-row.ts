import { ProblemError, type AccountId, type WorkspaceId } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";
import type { FeedPosition } from "../tree-store.ts";

export interface WorkspaceRow {
  readonly owner_account_id: AccountId;
  /** The owner's root folder, where the account's limit stands. */
  readonly root_workspace_id: WorkspaceId | null;
  readonly head: number;
  /** When the change of that number was made; null where none was made since this is kept. */
  readonly head_at_ms: number | null;
  readonly epoch: string;
  readonly feed_horizon: number;
  readonly used_bytes: number;
  readonly quota_bytes: number | null;
}

const select = `SELECT owner_account_id, (SELECT a.root_workspace_id FROM accounts a WHERE a.account_id = owner_account_id) AS root_workspace_id, head, head_at_ms, epoch, feed_horizon, used_bytes, quota_bytes FROM workspaces WHERE workspace_id = $1`;

/** @throws not_found */
export async function readWorkspace(session: SqlSession, workspaceId: WorkspaceId): Promise<WorkspaceRow> {
  const [row] = await session.all<WorkspaceRow>(select, [workspaceId]);
  return row ?? throwNoWorkspace();
}

/** Holds off every other writer of the workspace until the transaction's end, so that its sequences have no gap and no reordering. @throws not_found */
export async function lockWorkspace(session: SqlSession, workspaceId: WorkspaceId): Promise<WorkspaceRow> {
  // SQLite has one writer anyway.
  const sql = session.dialect === "sqlite" ? select : `${select} FOR UPDATE`;
  const [row] = await session.all<WorkspaceRow>(sql, [workspaceId]);
  return row ?? throwNoWorkspace();
}

export function headPosition(workspace: WorkspaceRow): FeedPosition {
  const { head, epoch, head_at_ms } = workspace;
  return { sequence: head, epoch, ...(head_at_ms !== null && { madeAtMs: head_at_ms }) };
}

function throwNoWorkspace(): never {
  throw new ProblemError("not_found", "There is no such workspace");
}
