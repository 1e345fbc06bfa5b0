import type { WorkspaceId } from "@satchel/protocol";
import type { CheckReport } from "../maintenance-store.ts";
import { readWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { checkChunks } from "./check-chunks.ts";
import { checkTree } from "./check-tree.ts";
import { Findings } from "./findings.ts";

/** See MaintenanceStore.check. Reads one snapshot, page by page: what it holds in memory does not grow with the workspace. */
export async function checkWorkspace(session: SqlSession, workspaceId: WorkspaceId): Promise<CheckReport> {
  const workspace = await readWorkspace(session, workspaceId);
  const findings = new Findings(workspaceId);
  findings.count("workspaces", 1);
  await checkTree(session, workspaceId, findings);
  await checkChunks(session, { workspaceId, usedBytes: workspace.used_bytes }, findings);
  return findings.report();
}
