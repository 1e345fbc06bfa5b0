import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Cursor, EntryId, VersionHash, VersionId, WorkspaceId } from "@satchel/protocol";
import { rootEntryId } from "@satchel/protocol";
import { limboId, type LocalItem, type RemoteItem, type SyncedItem, type Trees } from "@satchel/reconcile";
import { ChangedSet } from "./changed-set.ts";
import { ConflictBases } from "./conflict-bases.ts";
import { FoldedNames } from "./folded-names.ts";
import { Leaving } from "./leaving.ts";
import { limboPath } from "./own-folder.ts";
import { openStateDatabase } from "./schema.ts";
import { RecentMap } from "./recent-map.ts";
import { isUnwritable, StateUnwritableError } from "./state-unwritable-error.ts";
import { TreeTable, type TreeShape } from "./tree-table.ts";

/** The remote tree's entry, with the place of its last change in the journal. */
export interface RemoteRecord extends RemoteItem {
  readonly sequence: number;
}

/** The local tree's entry, with what the disk showed when it was last looked at. */
export interface LocalRecord extends LocalItem {
  /** Null for an entry whose inode is not known yet. */
  readonly inode: string | null;
  readonly fingerprint: string | null;
  readonly modifiedNs: string | null;
}

const remoteShape: TreeShape<RemoteRecord> = {
  table: "remote",
  ownColumns: ["version_id", "conflict_of", "sequence"],
  read: (row, item) => ({
    ...item,
    versionId: row.version_id as VersionId | null,
    conflictOf: row.conflict_of as EntryId | null,
    sequence: row.sequence as number,
  }),
  write: (item) => [item.versionId, item.conflictOf, item.sequence],
};

const localShape: TreeShape<LocalRecord> = {
  table: "local",
  ownColumns: ["known", "conflict_of", "inode", "fingerprint", "modified_ns"],
  read: (row, item) => ({
    ...item,
    content: row.known === 1 ? "known" : "unknown",
    conflictOf: row.conflict_of as EntryId | null,
    inode: row.inode as string | null,
    fingerprint: row.fingerprint as string | null,
    modifiedNs: row.modified_ns as string | null,
  }),
  write: (item) => [item.content === "known" ? 1 : 0, item.conflictOf, item.inode, item.fingerprint, item.modifiedNs],
};

const syncedShape: TreeShape<SyncedItem> = {
  table: "synced",
  ownColumns: ["version_id"],
  read: (row, item) => ({ ...item, versionId: row.version_id as VersionId | null }),
  write: (item) => [item.versionId],
};

/** What a setting of the state may be called. */
export type StateSetting = "workspace" | "cursor" | "root" | "marker" | "excluded" | "mounts";

/** A device's memory: the three trees, what changed in them, and where their chunks are. */
export class StateStore {
  readonly rootId: EntryId;
  readonly remote: TreeTable<RemoteRecord>;
  readonly local: TreeTable<LocalRecord>;
  readonly synced: TreeTable<SyncedItem>;
  /** Of the local tree, where the disk takes several names for one. */
  readonly localNames = new FoldedNames();
  readonly conflictBases: ConflictBases;
  readonly leaving: Leaving;
  readonly database: DatabaseSync;
  readonly #statements: Record<
    | "begin"
    | "commit"
    | "byInode"
    | "remoteByContent"
    | "localByContent"
    | "get"
    | "set"
    | "leftover"
    | "addLeftover"
    | "dropLeftover",
    StatementSync
  >;
  readonly #changed: ChangedSet;
  /** What was asked for or set since the last {@link #undo}; undefined for one that is not set. */
  readonly #settings = new Map<StateSetting, string | undefined>();
  readonly #formerContents = new RecentMap<VersionHash, true>(maxFormerContents);
  #isOpen = false;
  #timesUndone = 0;
  readonly #undoneListeners: (() => void)[] = [];

  /** @throws StateNewerError */
  constructor(path: string | DatabaseSync, workspaceId: WorkspaceId) {
    const database = openStateDatabase(path);
    this.database = database;
    this.rootId = rootEntryId(workspaceId);
    this.#changed = new ChangedSet(database);
    this.remote = new TreeTable(
      database,
      { ...remoteShape, onContentLeft: (contentHash) => this.#formerContents.set(contentHash, true) },
      this.#changed,
    );
    this.local = new TreeTable(database, { ...localShape, names: this.localNames }, this.#changed);
    this.synced = new TreeTable(database, syncedShape, this.#changed);
    this.conflictBases = new ConflictBases(database);
    this.leaving = new Leaving(database);
    this.#statements = {
      begin: database.prepare("BEGIN"),
      commit: database.prepare("COMMIT"),
      byInode: database.prepare("SELECT * FROM local WHERE inode = ? ORDER BY id"),
      remoteByContent: database.prepare("SELECT 1 AS found FROM remote WHERE content_hash = ? LIMIT 1"),
      localByContent: database.prepare("SELECT * FROM local WHERE content_hash = ? AND known = 1 LIMIT 4"),
      get: database.prepare("SELECT value FROM setting WHERE key = ?"),
      set: database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)"),
      leftover: database.prepare("SELECT 1 AS found FROM leftover WHERE inode = ?"),
      addLeftover: database.prepare("INSERT OR IGNORE INTO leftover (inode) VALUES (?)"),
      dropLeftover: database.prepare("DELETE FROM leftover WHERE inode = ?"),
    };
    this.#plantRoots();
  }

  #plantRoots(): void {
    if (this.synced.find(this.rootId)) return;
    const root = {
      id: this.rootId,
      parentId: null,
      name: "",
      type: "folder",
      contentHash: null,
      sizeBytes: 0,
      modifiedMs: 0,
      executable: false,
      linkTarget: null,
    } as const;
    this.transaction(() => {
      this.remote.put({ ...root, versionId: null, conflictOf: null, sequence: 0 });
      this.local.put({ ...root, content: "known", conflictOf: null, inode: null, fingerprint: null, modifiedNs: null });
      this.synced.put({ ...root, versionId: null });
      this.unmark(this.rootId);
    });
  }

  /**
   * Changes that belong together. They are written with those of others at the next {@link flush}: what a crash takes along until then, the next scan and the feed bring back. When `work`
   * throws, everything since the last flush is undone. Must not wait for anything.
   */
  transaction<T>(work: () => T): T {
    if (!this.#isOpen) {
      this.#statements.begin.run();
      this.#isOpen = true;
    }
    try {
      return work();
    } catch (error) {
      this.#undo();
      throw isUnwritable(error) ? new StateUnwritableError(error) : error;
    }
  }

  /** Writes what was changed since the last time. @throws StateUnwritableError when it can't be; then it is undone, and has to be found out again */
  flush(): void {
    if (!this.#isOpen && !this.#changed.isUnwritten) return;
    try {
      if (!this.#isOpen) this.#statements.begin.run();
      this.#isOpen = true;
      this.#changed.write();
      this.#statements.commit.run();
      this.#isOpen = false;
    } catch (error) {
      this.#undo();
      throw isUnwritable(error) ? new StateUnwritableError(error) : error;
    }
  }

  /** Whether anything was changed since the last {@link flush}. */
  get hasNews(): boolean {
    return this.#isOpen;
  }

  /** Gives up what was changed since the last {@link flush}: it has to be found out again. */
  abandon(): void {
    if (this.#isOpen) this.#undo();
  }

  /** Gives back the memory of what was kept at hand, when nothing is left to do. */
  rest(): void {
    for (const tree of [this.remote, this.local, this.synced]) tree.dropCache();
  }

  /** Gives back the memory of the database's pages too, which the next change reads again. */
  shrink(): void {
    this.rest();
    this.database.exec("PRAGMA shrink_memory");
  }

  /** Changes whenever something was undone, and has to be found out again, whoever's step it was. */
  get timesUndone(): number {
    return this.#timesUndone;
  }

  /** For who keeps rows of the database in memory: what it had changed of them since the last {@link flush} is as it was. */
  onUndone(listener: () => void): void {
    this.#undoneListeners.push(listener);
  }

  #undo(): void {
    this.#isOpen = false;
    this.#timesUndone += 1;
    if (this.database.isTransaction) this.database.exec("ROLLBACK");
    for (const tree of [this.remote, this.local, this.synced]) tree.dropCache();
    this.#settings.clear();
    this.#changed.reload();
    for (const listener of this.#undoneListeners) listener();
  }

  /** @param changed the entries to plan for */
  trees(changed: readonly EntryId[] = this.changed()): Trees {
    return {
      rootId: this.rootId,
      remote: this.remote,
      local: this.local,
      synced: this.synced,
      changed,
    };
  }

  changed(): EntryId[] {
    return this.#changed.list();
  }

  changedCount(): number {
    return this.#changed.size;
  }

  /** A new id is in none of the trees: nobody needs to look. */
  knowNew(id: EntryId): void {
    for (const tree of [this.remote, this.local, this.synced]) tree.knowAbsent(id);
  }

  /** Says that the entry is worth planning for. */
  mark(id: EntryId): void {
    this.#changed.add(id);
  }

  /** Says that the entry is the same in all three trees. */
  unmark(id: EntryId): void {
    this.#changed.delete(id);
  }

  isChanged(id: EntryId): boolean {
    return this.#changed.has(id);
  }

  /** Takes up to so many of the changed entries of which something was written since they were last taken. */
  takeFresh(limit: number): EntryId[] {
    return this.#changed.takeFresh(limit);
  }

  isFresh(id: EntryId): boolean {
    return this.#changed.isFresh(id);
  }

  /** How many there are to take. */
  get freshCount(): number {
    return this.#changed.freshCount;
  }

  findLocalByInode(inode: string): LocalRecord[] {
    return this.#statements.byInode.all(inode).map((row) => this.local.read(row as never));
  }

  findLocalByContent(contentHash: VersionHash): LocalRecord[] {
    return this.#statements.localByContent.all(contentHash).map((row) => this.local.read(row as never));
  }

  /** Whether the server has a living entry of this content, so that its chunks need not be sent. */
  serverHasContent(contentHash: VersionHash): boolean {
    return this.#statements.remoteByContent.get(contentHash) !== undefined;
  }

  /**
   * Whether the server had an entry of this content since this program began, so that its chunks are most probably there still, as those of the past and of the trash are. Whoever relies on it must be ready to hear
   * that they are not. [EN68]
   */
  serverHadContent(contentHash: VersionHash): boolean {
    return this.#formerContents.get(contentHash) === true;
  }

  /** The path of a local entry, relative to the root ('' itself), also in limbo; undefined when a parent is missing. */
  localPath(id: EntryId): string | undefined {
    let path = "";
    let at: EntryId | null = id;
    for (let depth = 0; at !== null && at !== this.rootId; depth += 1) {
      const item: LocalRecord | undefined = this.local.find(at);
      if (!item || depth > maxDepth) return undefined;
      const name = item.parentId === limboId ? limboPath(item.name) : item.name;
      path = depth === 0 ? name : `${name}/${path}`;
      at = item.parentId === limboId ? this.rootId : item.parentId;
    }
    return at === null ? undefined : path;
  }

  isLeftover(inode: string): boolean {
    return this.#statements.leftover.get(inode) !== undefined;
  }

  /** Remembers a folder that stayed on the disk only for what is ignored in it. */
  addLeftover(inode: string): void {
    this.#statements.addLeftover.run(inode);
  }

  dropLeftover(inode: string): void {
    this.#statements.dropLeftover.run(inode);
  }

  get cursor(): Cursor | undefined {
    return this.setting("cursor") as Cursor | undefined;
  }

  setting(key: StateSetting): string | undefined {
    if (!this.#settings.has(key)) this.#settings.set(key, this.#statements.get.get(key)?.value as string | undefined);
    return this.#settings.get(key);
  }

  setSetting(key: StateSetting, value: string): void {
    this.#statements.set.run(key, value);
    this.#settings.set(key, value);
  }

  close(): void {
    this.flush();
    this.database.close();
  }
}

/** So many contents that the server's entries had and have no more are kept in mind: about a megabyte. */
const maxFormerContents = 10_000;
/** Deeper than any file system allows; only a cycle gets there. */
const maxDepth = 10_000;
