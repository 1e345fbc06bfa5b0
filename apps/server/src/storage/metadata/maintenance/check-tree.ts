import { rootEntryId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";
import type { Findings } from "./findings.ts";

/** One fault that a statement finds: it answers `what`, one row a fault. */
interface Question {
  readonly code: string;
  readonly sql: string;
  readonly tell: (what: string) => string;
}

/** At most this many faults of one kind are asked for. */
const maxFaultsPerKind = 100;

/** Entries that can be reached from a starting set by going down, deleted ones too. */
const below = (start: string) => `WITH RECURSIVE reached (entry_id) AS (
    ${start}
    UNION
    SELECT e.entry_id FROM reached CROSS JOIN entries e WHERE e.workspace_id = $1 AND e.parent_id = reached.entry_id
  )`;

const orphans = `SELECT o.entry_id FROM entries o WHERE o.workspace_id = $1 AND o.parent_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entries p WHERE p.workspace_id = $1 AND p.entry_id = o.parent_id)`;

const questions: readonly Question[] = [
  {
    code: "entry_orphaned",
    sql: `SELECT orphans.entry_id AS what FROM (${orphans}) AS orphans`,
    tell: (id) => `The entry ${id} lies in a folder that does not exist.`,
  },
  {
    code: "entry_in_cycle",
    sql: `${below(`SELECT r.entry_id FROM entries r WHERE r.workspace_id = $1 AND r.parent_id IS NULL UNION ${orphans}`)}
      SELECT e.entry_id AS what FROM entries e WHERE e.workspace_id = $1 AND e.entry_id NOT IN (SELECT reached.entry_id FROM reached)`,
    tell: (id) => `The entry ${id} lies in a folder that lies in itself.`,
  },
  {
    code: "parent_not_folder",
    sql: `SELECT e.entry_id AS what FROM entries e JOIN entries p ON p.workspace_id = e.workspace_id AND p.entry_id = e.parent_id
      WHERE e.workspace_id = $1 AND p.type <> 'folder'`,
    tell: (id) => `The entry ${id} lies in something that is no folder.`,
  },
  {
    code: "name_shared",
    sql: `SELECT name AS what FROM entries WHERE workspace_id = $1 AND deleted_at_ms IS NULL AND parent_id IS NOT NULL GROUP BY parent_id, name HAVING count(*) > 1`,
    tell: (name) => `Two living entries of one folder have the name ${JSON.stringify(name)}.`,
  },
  {
    code: "sequence_beyond_head",
    sql: `SELECT e.entry_id AS what FROM entries e JOIN workspaces w ON w.workspace_id = e.workspace_id WHERE e.workspace_id = $1 AND e.sequence > w.head
      UNION SELECT j.entry_id FROM journal j JOIN workspaces w ON w.workspace_id = j.workspace_id WHERE j.workspace_id = $1 AND j.sequence > w.head`,
    tell: (id) => `The entry ${id} changed after the workspace's last change.`,
  },
  {
    code: "sequence_shared",
    sql: `SELECT min(entry_id) AS what FROM entries WHERE workspace_id = $1 GROUP BY sequence HAVING count(*) > 1`,
    tell: (id) => `The last change of ${id} has the number of another entry's.`,
  },
  {
    code: "version_missing",
    sql: `SELECT e.entry_id AS what FROM entries e
      LEFT JOIN versions v ON v.workspace_id = e.workspace_id AND v.entry_id = e.entry_id AND v.version_id = e.version_id
      WHERE e.workspace_id = $1 AND e.type <> 'folder' AND v.version_id IS NULL`,
    tell: (id) => `The entry ${id} has no version.`,
  },
  {
    code: "version_differs",
    sql: `SELECT e.entry_id AS what FROM entries e
      JOIN versions v ON v.workspace_id = e.workspace_id AND v.entry_id = e.entry_id AND v.version_id = e.version_id
      WHERE e.workspace_id = $1 AND (v.version_hash <> e.version_hash OR v.size <> e.size OR v.superseded_at_ms IS NOT NULL)`,
    tell: (id) => `The entry ${id} and its latest version disagree.`,
  },
];

/** Root, orphans, cycles, names, sequences, and that each file has the version that it names. */
export async function checkTree(session: SqlSession, workspaceId: WorkspaceId, findings: Findings): Promise<void> {
  const [count] = await session.all<{ entries: number }>(
    "SELECT count(*) AS entries FROM entries WHERE workspace_id = $1",
    [workspaceId],
  );
  findings.count("entries", count?.entries ?? 0);
  const root: EntryId = rootEntryId(workspaceId);
  const rootSql = "SELECT 1 AS one FROM entries WHERE workspace_id = $1 AND entry_id = $2 AND deleted_at_ms IS NULL";
  const [found] = await session.all(rootSql, [workspaceId, root]);
  if (!found) findings.add("root_missing", "The workspace has no root folder.");
  for (const { code, sql, tell } of questions) {
    const rows = await session.all<{ what: string }>(`${sql} LIMIT ${maxFaultsPerKind}`, [workspaceId]);
    for (const { what } of rows) findings.add(code, tell(what));
  }
}
