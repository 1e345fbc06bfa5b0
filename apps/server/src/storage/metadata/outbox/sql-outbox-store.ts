import type { WorkspaceId } from "@satchel/protocol";
import type { OutboxStore, UnsentCommit } from "../outbox-store.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import type { FeedPosition } from "../tree-store.ts";

interface OutboxRow {
  readonly workspace_id: WorkspaceId;
  readonly sequence: number;
  readonly sequence_before: number;
  readonly epoch: string;
  readonly made_at_ms: number;
}

export function outboxStore(database: SqlDatabase): OutboxStore {
  return {
    list: ({ madeBeforeMs, limit }) =>
      database.read(async (session) => {
        const rows = await session.all<OutboxRow>(
          `SELECT workspace_id, sequence, sequence_before, epoch, made_at_ms FROM outbox WHERE made_at_ms <= $1 ORDER BY workspace_id, sequence LIMIT $2`,
          [madeBeforeMs, limit],
        );
        return rows.map(toUnsent);
      }),
    forget: (told) =>
      database.transaction(async (session) => {
        const rows = told.map(({ workspaceId, sequence }) => ({ workspace_id: workspaceId, sequence }));
        const list = listTable(session.dialect, "$1", "told", { workspace_id: "text", sequence: "int" });
        await session.run(
          `DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM ${list} WHERE told.workspace_id = outbox.workspace_id AND told.sequence = outbox.sequence)`,
          [listParameter(rows)],
        );
      }),
  };
}

/** Within the transaction of the commit. SQLite has one process, which tells before it answers, and whose devices connect anew when it dies. */
export async function noteUnsent(
  session: SqlSession,
  { workspaceId, before, after }: UnsentCommit & { readonly after: FeedPosition & { readonly madeAtMs?: number } },
): Promise<void> {
  if (session.dialect === "sqlite") return;
  await session.run(
    "INSERT INTO outbox (workspace_id, sequence, sequence_before, epoch, made_at_ms) VALUES ($1, $2, $3, $4, $5)",
    [workspaceId, after.sequence, before.sequence, after.epoch, after.madeAtMs ?? 0],
  );
}

function toUnsent(row: OutboxRow): UnsentCommit {
  const { workspace_id: workspaceId, sequence, sequence_before, epoch, made_at_ms: madeAtMs } = row;
  return { workspaceId, before: { sequence: sequence_before, epoch }, after: { sequence, epoch, madeAtMs } };
}
