import type { ManifestChunk } from "@satchel/chunking";
import { encodeIdPart, idPartBytes, type EntryId, type VersionId, type WorkspaceId } from "@satchel/protocol";
import { encodeAlsoBy } from "../rows/also-by.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import type { VersionRow } from "../rows/version-row.ts";
import { headPosition, type WorkspaceRow } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { Author, ChangeKind, FeedPosition } from "../tree-store.ts";
import { noteUnsent } from "../outbox/sql-outbox-store.ts";
import { ChunkCounts } from "./chunk-counts.ts";
import type { VersionContent } from "./content.ts";
import type { JournalRecord } from "./journal-record.ts";
import { WorkingTree } from "../tree/working-tree.ts";
import { writeChanges } from "./write-changes.ts";

/** Gives that many unpredictable bytes. */
export type RandomBytes = (count: number) => Uint8Array;

export interface ChangeContext {
  readonly session: SqlSession;
  readonly workspaceId: WorkspaceId;
  /** As it was locked at the transaction's start. */
  readonly workspace: WorkspaceRow;
  readonly author: Author;
  readonly nowMs: number;
  readonly randomBytes: RandomBytes;
}

/** What a version was made from: one other, or of a merge two. */
interface VersionParents {
  readonly base: VersionId | null;
  readonly merged?: VersionId | null;
}

/** Changes that are not written yet. */
export interface PendingChanges {
  /** Entries to be written, each with its row as the database has it. */
  readonly entries: Map<EntryId, EntryRow | undefined>;
  readonly versions: VersionRow[];
  readonly superseded: { entry_id: EntryId; version_id: VersionId }[];
  readonly journal: JournalRecord[];
}

/**
 * What one transaction changes in one workspace: every change takes the next sequence and a journal record, and is written together with the others by a constant number of statements. Who calls has checked that the change is allowed.
 */
export class ChangeSet {
  readonly context: ChangeContext;
  readonly tree: WorkingTree;
  readonly chunks: ChunkCounts;
  /** What happened to each entry, and the sequence that it had before; undefined for a new one. */
  readonly changed = new Map<EntryId, { kind: ChangeKind; sequenceBefore: number | undefined }>();
  /** Counts changes of places, after which what was known about subtrees is out of date. */
  moves = 0;
  #pending = emptyPending();
  #head: number;
  #usedBytes: number;
  readonly #manifests = new Map<VersionId, Uint8Array>();
  readonly #merged = new Map<VersionId, VersionId>();

  constructor(context: ChangeContext) {
    this.context = context;
    this.tree = new WorkingTree(context.session, context.workspaceId);
    this.chunks = new ChunkCounts(context.session, context.workspaceId);
    this.#head = context.workspace.head;
    this.#usedBytes = context.workspace.used_bytes;
  }

  get before(): FeedPosition {
    return headPosition(this.context.workspace);
  }

  get after(): FeedPosition {
    const { workspace, nowMs } = this.context;
    if (this.#head === workspace.head) return this.before;
    return { sequence: this.#head, epoch: workspace.epoch, madeAtMs: nowMs };
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** The manifest of a version that this transaction made. */
  findManifest(versionId: VersionId): Uint8Array | undefined {
    return this.#manifests.get(versionId);
  }

  /** The second parent of a merge that this transaction made. */
  findMerged(versionId: VersionId): VersionId | undefined {
    return this.#merged.get(versionId);
  }

  /** Gives an entry a new state, with a new version if there is content, made from the latest one unless `parents` says otherwise; answers the state with its sequence. */
  change(next: EntryRow, kind: ChangeKind, content?: VersionContent, parents?: VersionParents): EntryRow {
    const old = this.tree.find(next.entry_id);
    this.#head += 1;
    const row = content
      ? this.#withVersion({ ...next, sequence: this.#head }, content, parents)
      : { ...next, sequence: this.#head };
    if (!this.#pending.entries.has(row.entry_id)) this.#pending.entries.set(row.entry_id, old);
    this.#pending.journal.push({ entryId: row.entry_id, sequence: row.sequence, kind, before: old, after: row });
    this.#note(row, kind, old);
    this.tree.replace(row);
    return row;
  }

  /** Brings a version along that another workspace has, as it was, with the distinct chunks of it; answers its id here. What it was made from is named by ids of here. The entry itself is to be changed to have it. */
  bringVersion(version: VersionRow, chunks: readonly ManifestChunk[]): VersionId {
    this.#head += 1;
    const versionId = makeVersionId(this.#head, this.context.randomBytes);
    this.#pending.versions.push({ ...version, version_id: versionId, sequence: this.#head });
    this.#manifests.set(versionId, version.chunks);
    this.#usedBytes += this.chunks.addVersion(chunks);
    return versionId;
  }

  /** Counts on by `count` sequences that were given to entries by a statement of the caller's own. */
  takeSequences(count: number): void {
    this.#head += count;
  }

  /** Writes what is pending, so that statements see it. */
  async flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = emptyPending();
    await writeChanges(this.context, pending, (id) => this.tree.find(id));
    await this.chunks.flush(this.context.nowMs);
  }

  /** Writes everything, the workspace's head last. */
  async finish(): Promise<void> {
    await this.flush();
    if (this.#head === this.context.workspace.head) return;
    const { session, workspaceId } = this.context;
    const noted = noteUnsent(session, { workspaceId, before: this.before, after: this.after });
    const moved = session.run(
      "UPDATE workspaces SET head = $2, used_bytes = $3, head_at_ms = $4 WHERE workspace_id = $1",
      [workspaceId, this.#head, this.#usedBytes, this.context.nowMs],
    );
    // Started together, for one round trip.
    await Promise.all([noted, moved]);
  }

  #note(row: EntryRow, kind: ChangeKind, old: EntryRow | undefined): void {
    const first = this.changed.get(row.entry_id);
    const told = first && kindRank[first.kind] > kindRank[kind] ? first.kind : kind;
    this.changed.set(row.entry_id, { kind: told, sequenceBefore: first ? first.sequenceBefore : old?.sequence });
    if (old && (old.parent_id !== row.parent_id || (old.deleted_at_ms !== null && row.deleted_at_ms === null)))
      this.moves += 1;
  }

  #withVersion(row: EntryRow, content: VersionContent, parents?: VersionParents): EntryRow {
    const { author, nowMs, randomBytes } = this.context;
    const versionId = makeVersionId(row.sequence, randomBytes);
    if (row.version_id !== null) this.#supersede(row.entry_id, row.version_id);
    this.#pending.versions.push({
      entry_id: row.entry_id,
      version_id: versionId,
      sequence: row.sequence,
      version_hash: content.versionHash,
      size: content.sizeBytes,
      modified_ms: content.modifiedMs,
      executable: content.executable ? 1 : 0,
      link_target: content.linkTarget,
      chunks: content.packedChunks,
      base_version_id: parents ? parents.base : row.version_id,
      merged_version_id: parents?.merged ?? null,
      account_id: author.accountId,
      device_id: author.deviceId,
      also_by: encodeAlsoBy(author),
      created_at_ms: nowMs,
      superseded_at_ms: null,
    });
    this.#manifests.set(versionId, content.packedChunks);
    if (parents?.merged) this.#merged.set(versionId, parents.merged);
    this.#usedBytes += this.chunks.addVersion(content.distinctChunks);
    return {
      ...row,
      version_id: versionId,
      version_hash: content.versionHash,
      size: content.sizeBytes,
      modified_ms: content.modifiedMs,
      executable: content.executable ? 1 : 0,
      link_target: content.linkTarget,
    };
  }

  #supersede(entryId: EntryId, versionId: VersionId): void {
    this.#pending.superseded.push({ entry_id: entryId, version_id: versionId });
  }
}

/** When several things happened to an entry in one transaction, the highest is told. */
const kindRank: Readonly<Record<ChangeKind, number>> = { updated: 0, moved: 1, restored: 2, created: 3, deleted: 4 };

function emptyPending(): PendingChanges {
  return { entries: new Map(), versions: [], superseded: [], journal: [] };
}

/** Unique in the workspace by its sequence; the random end keeps a restored backup from giving an id to another content. */
function makeVersionId(sequence: number, randomBytes: RandomBytes): VersionId {
  return `v${sequence}.${encodeIdPart(randomBytes(idPartBytes)).slice(0, 8)}` as VersionId;
}
