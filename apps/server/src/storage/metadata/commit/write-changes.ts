import type { EntryId } from "@satchel/protocol";
import { encodeAlsoBy } from "../rows/also-by.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { inList, listParameter } from "../sql/list-table.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";
import { placeKey } from "../tree/working-tree.ts";
import type { ChangeContext, PendingChanges } from "./change-set.ts";
import { encodeJournalState } from "./journal-record.ts";

const upsertEntry = defineInsert(
  "entries",
  {
    workspace_id: "text",
    entry_id: "text",
    parent_id: "text",
    name: "text",
    type: "text",
    version_id: "text",
    version_hash: "text",
    size: "int",
    modified_ms: "int",
    executable: "int",
    link_target: "text",
    conflict_of: "text",
    conflict_base: "text",
    mounts: "text",
    sequence: "int",
    deleted_at_ms: "int",
    deleted_by: "text",
  },
  `ON CONFLICT (workspace_id, entry_id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, version_id = excluded.version_id,
    version_hash = excluded.version_hash, size = excluded.size, modified_ms = excluded.modified_ms, executable = excluded.executable, link_target = excluded.link_target,
    conflict_of = excluded.conflict_of, conflict_base = excluded.conflict_base, mounts = excluded.mounts, sequence = excluded.sequence, deleted_at_ms = excluded.deleted_at_ms, deleted_by = excluded.deleted_by`,
);

const insertVersion = defineInsert("versions", {
  workspace_id: "text",
  entry_id: "text",
  version_id: "text",
  sequence: "int",
  version_hash: "text",
  size: "int",
  modified_ms: "int",
  executable: "int",
  link_target: "text",
  chunks: "bytes",
  base_version_id: "text",
  merged_version_id: "text",
  account_id: "text",
  device_id: "text",
  also_by: "text",
  created_at_ms: "int",
  superseded_at_ms: "int",
});

const insertJournal = defineInsert("journal", {
  workspace_id: "text",
  sequence: "int",
  entry_id: "text",
  kind: "text",
  state_before: "text",
  state_after: "text",
  account_id: "text",
  device_id: "text",
  also_by: "text",
  at_ms: "int",
});

/** Writes changes, each table once, whatever their number. `stateOf` tells an entry's last state. */
export async function writeChanges(
  context: ChangeContext,
  pending: PendingChanges,
  stateOf: (id: EntryId) => EntryRow | undefined,
): Promise<void> {
  await vacateNames(context, pending, stateOf);
  const states = [...pending.entries.keys()].map((id) => stateOf(id)).filter((row) => row !== undefined);
  // Started together, so that PostgreSQL gets them in one round trip; carried out in this order.
  await settleAll([
    writeEntries(context, states),
    writeVersions(context, pending),
    supersedeVersions(context, pending),
    writeJournal(context, pending),
  ]);
}

/** Waits for all, then throws what the first of them threw: the later ones may only say that the transaction had failed. */
async function settleAll(writes: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/**
 * A name that one entry gave up and another took in the same transaction would collide in the unique index, since rows are written one after the other: those that gave up a name that is wanted leave the index first.
 */
async function vacateNames(
  { session, workspaceId }: ChangeContext,
  { entries }: PendingChanges,
  stateOf: (id: EntryId) => EntryRow | undefined,
): Promise<void> {
  const givenUp = new Map<string, EntryId>();
  for (const [id, stored] of entries) {
    if (stored && stored.deleted_at_ms === null) givenUp.set(placeKey(stored.parent_id, stored.name), id);
  }
  if (givenUp.size === 0) return;
  const leaving = new Set<EntryId>();
  for (const id of entries.keys()) {
    const row = stateOf(id);
    const holder = row && row.deleted_at_ms === null ? givenUp.get(placeKey(row.parent_id, row.name)) : undefined;
    if (holder !== undefined && holder !== id) leaving.add(holder);
  }
  if (leaving.size === 0) return;
  await session.run(
    `UPDATE entries SET deleted_at_ms = -1 WHERE workspace_id = $1 AND ${inList(session.dialect, "$2", { entry_id: "text" })}`,
    [workspaceId, listParameter([...leaving].map((id) => ({ entry_id: id })))],
  );
}

function writeEntries({ session, workspaceId }: ChangeContext, states: readonly EntryRow[]): Promise<void> {
  const rows = states.map((row) => [
    workspaceId,
    row.entry_id,
    row.parent_id,
    row.name,
    row.type,
    row.version_id,
    row.version_hash,
    row.size,
    row.modified_ms,
    row.executable,
    row.link_target,
    row.conflict_of,
    row.conflict_base,
    row.mounts,
    row.sequence,
    row.deleted_at_ms,
    row.deleted_by,
  ]);
  return session.insert(upsertEntry, rows);
}

function writeVersions({ session, workspaceId }: ChangeContext, { versions }: PendingChanges): Promise<void> {
  const rows = versions.map((row) => [
    workspaceId,
    row.entry_id,
    row.version_id,
    row.sequence,
    row.version_hash,
    row.size,
    row.modified_ms,
    row.executable,
    row.link_target,
    row.chunks,
    row.base_version_id,
    row.merged_version_id,
    row.account_id,
    row.device_id,
    row.also_by,
    row.created_at_ms,
    row.superseded_at_ms,
  ]);
  return session.insert(insertVersion, rows);
}

async function supersedeVersions(
  { session, workspaceId, nowMs }: ChangeContext,
  { superseded }: PendingChanges,
): Promise<void> {
  if (superseded.length > 0) await markSuperseded(session, workspaceId, superseded, nowMs);
}

async function markSuperseded(
  session: SqlSession,
  workspaceId: string,
  superseded: PendingChanges["superseded"],
  nowMs: number,
): Promise<void> {
  await session.run(
    `UPDATE versions SET superseded_at_ms = $3 WHERE workspace_id = $1 AND ${inList(session.dialect, "$2", { entry_id: "text", version_id: "text" })}`,
    [workspaceId, listParameter(superseded), nowMs],
  );
}

function writeJournal(
  { session, workspaceId, author, nowMs }: ChangeContext,
  { journal }: PendingChanges,
): Promise<void> {
  const rows = journal.map((record) => [
    workspaceId,
    record.sequence,
    record.entryId,
    record.kind,
    record.before ? encodeJournalState(record.before) : null,
    encodeJournalState(record.after),
    author.accountId,
    author.deviceId,
    encodeAlsoBy(author),
    nowMs,
  ]);
  return session.insert(insertJournal, rows);
}
