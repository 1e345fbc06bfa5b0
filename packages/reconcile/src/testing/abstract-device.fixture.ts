import { conflictName, type EntryId, type VersionHash } from "@satchel/protocol";
import type { BookOperation, LocalOperation, Plan, RemoteOperation } from "../plan/operation.ts";
import { plan, type PlanOptions } from "../plan/plan.ts";
import { agreedItem } from "../tree/agreed-item.ts";
import type { LocalItem, RemoteItem, SyncedItem, Trees } from "../tree/item.ts";
import { limboId } from "../tree/view.ts";
import type { AbstractCommit, AbstractServer } from "./abstract-server.fixture.ts";
import { mapTree, type MapTree, pruneBelow } from "./map-tree.fixture.ts";

/**
 * A device without a disk: its local tree is what the disk would show. What the executor does is done here in a few lines an operation, with its preconditions, as the planner is owed it
 * [RC71] [RC72] [RC73] [RC74] [RC75] [RC76] [RC77].
 */
export interface AbstractDevice {
  readonly name: string;
  readonly rootId: EntryId;
  readonly local: MapTree<LocalItem>;
  readonly remote: MapTree<RemoteItem>;
  readonly synced: MapTree<SyncedItem>;
  /** What files of unknown content really hold. */
  readonly unread: Map<EntryId, VersionHash>;
  readonly server: AbstractServer;
  cursor: number;
  /** Ids made here. */
  newId(): EntryId;
}

export function abstractDevice(name: string, server: AbstractServer, root: RemoteItem): AbstractDevice {
  let made = 0;
  return {
    name,
    rootId: root.id,
    local: mapTree<LocalItem>({ ...root, content: "known" }),
    remote: mapTree<RemoteItem>(root),
    synced: mapTree<SyncedItem>(root),
    unread: new Map(),
    server,
    cursor: 0,
    newId: () => `r.${name}${(made += 1)}` as EntryId,
  };
}

/** Takes in the feed. */
export function pull(device: AbstractDevice): void {
  for (const { item, deleted } of device.server.changesSince(device.cursor)) {
    if (deleted) device.remote.remove(item.id);
    else device.remote.put(item);
  }
  device.cursor = device.server.head();
}

export function treesOf(device: AbstractDevice): Trees {
  const { rootId, remote, local, synced } = device;
  return { rootId, remote, local, synced, changed: changedIds(device) };
}

function changedIds({ rootId, remote, local, synced }: AbstractDevice): EntryId[] {
  const ids = new Set([...remote.ids(), ...local.ids(), ...synced.ids()]);
  ids.delete(rootId);
  const key = (item: LocalItem | RemoteItem | SyncedItem | undefined): string =>
    item === undefined
      ? ""
      : JSON.stringify([item.parentId, item.name, item.contentHash, item.modifiedMs, item.executable]);
  return [...ids].filter((id) => {
    const base = synced.find(id);
    const here = local.find(id);
    const there = remote.find(id);
    const isOldVersion = there?.versionId !== base?.versionId;
    return here?.content === "unknown" || key(here) !== key(base) || key(there) !== key(base) || isOldVersion;
  });
}

export function planOf(device: AbstractDevice, options?: PlanOptions): Plan {
  return plan(treesOf(device), options);
}

export function isEmptyPlan({ books, ingest, local, remote }: Plan): boolean {
  return books.length + ingest.length + local.length + remote.length === 0;
}

/** The device's database is gone: it finds its files again, unread and under new ids, and knows of nothing else. */
export function loseDatabase(device: AbstractDevice): void {
  const { local, remote, synced, unread, rootId } = device;
  const newIds = new Map<EntryId, EntryId>([[rootId, rootId]]);
  const rows = local.below(rootId);
  for (const { id } of rows) newIds.set(id, device.newId());
  for (const tree of [local, remote, synced]) pruneBelow(tree, rootId);
  const contents = new Map(unread);
  unread.clear();
  for (const row of rows) {
    const id = newIds.get(row.id) as EntryId;
    const hash = contents.get(row.id) ?? row.contentHash;
    if (hash !== null) unread.set(id, hash);
    const content = hash === null ? "known" : "unknown";
    local.put({ ...row, id, parentId: newIds.get(row.parentId as EntryId) as EntryId, content, conflictOf: null });
  }
  for (const tree of [local, remote, synced]) for (const id of tree.ids()) if (!tree.isReachable(id)) tree.remove(id);
  device.cursor = 0;
}

/** Writes down what an operation has made equal: the engine does so together with the operation's own result. */
export function bookOutcome({ local, remote, synced }: AbstractDevice, id: EntryId): void {
  const here = local.isReachable(id) ? local.find(id) : undefined;
  const there = remote.isReachable(id) ? remote.find(id) : undefined;
  const base = here && there && agreedItem(synced.find(id), here, there);
  if (base !== undefined) synced.put(base);
}

/** Carries out one plan, operation by operation; the world may change between two of them. */
export interface Execution {
  book(operation: BookOperation): void;
  /** Each returns undefined when done, else why not. */
  ingest(id: EntryId): string | undefined;
  onDisk(operation: LocalOperation): string | undefined;
  onServer(operation: RemoteOperation): string | undefined;
}

/** To be called when the plan is made, since the local tree of that moment is what the operations expect. */
export function executionOf(device: AbstractDevice): Execution {
  const { local, remote, synced } = device;
  const expected = new Map<EntryId, LocalItem>();
  for (const id of local.ids()) expected.set(id, local.find(id) as LocalItem);
  const bases = new Map<EntryId, RemoteItem>();
  for (const id of remote.ids()) bases.set(id, remote.find(id) as RemoteItem);
  const seen = device.cursor;
  let batchStart: number | undefined;

  const put = (item: LocalItem): undefined => {
    local.put(item);
    expected.set(item.id, item);
    if (item.content === "known") device.unread.delete(item.id);
  };
  const isAsExpected = (id: EntryId): boolean => local.isReachable(id) && local.find(id) === expected.get(id);
  const whyNoPlace = (parentId: EntryId, name: string): string | undefined => {
    if (!local.isReachable(parentId)) return "no parent";
    return local.findChild(parentId, name) === undefined ? undefined : "name taken";
  };
  /** Keeps what is not as the plan saw it, with its parents. */
  const removeAll = (id: EntryId): boolean => {
    const left = [...local.children(id)].filter((child) => !removeAll(child.id));
    if (left.length > 0 || !isAsExpected(id)) return false;
    assertKnownToServer(device, id);
    local.remove(id);
    return true;
  };

  const fetchFile = ({ id, place }: LocalOperation & { do: "fetch" }): string | undefined => {
    const source = remote.isReachable(id) ? remote.find(id) : undefined;
    if (source === undefined) return "gone";
    if (!local.isReachable(id)) {
      const problem = whyNoPlace(place.parentId, place.name);
      if (problem !== undefined) return problem;
    } else {
      const row = local.find(id) as LocalItem;
      if (!isAsExpected(id)) return "changed";
      if (row.parentId !== place.parentId || row.name !== place.name) return "elsewhere";
      assertKnownToServer(device, id);
    }
    return put({ ...source, ...place, content: "known" });
  };
  const setAside = ({ id, split, conflictOf }: LocalOperation & { do: "set_aside" }): string | undefined => {
    if (!isAsExpected(id)) return "changed";
    const row = local.find(id) as LocalItem;
    const parentId = row.parentId as EntryId;
    let n = 1;
    while (
      local.findChild(parentId, conflictName(row.name, n)) ??
      remote.findChild(parentId, conflictName(row.name, n))
    )
      n += 1;
    const copy = { ...row, name: conflictName(row.name, n), conflictOf };
    if (!split) return put(copy);
    local.remove(id);
    synced.remove(id);
    return put({ ...copy, id: device.newId() });
  };
  const moveTo = (id: EntryId, parentId: EntryId, name: string): string | undefined => {
    if (!isAsExpected(id)) return "changed";
    const problem = parentId === limboId ? undefined : whyNoPlace(parentId, name);
    if (problem !== undefined) return problem;
    if (parentId === id || local.below(id).some((row) => row.id === parentId)) return "cycle";
    return put({ ...(local.find(id) as LocalItem), parentId, name });
  };
  const onDisk = (operation: LocalOperation): string | undefined => {
    switch (operation.do) {
      case "make_folder": {
        const { id, place } = operation;
        const problem = local.isReachable(id) ? "exists" : whyNoPlace(place.parentId, place.name);
        if (problem !== undefined) return problem;
        pruneBelow(local, id);
        return put(folderRow(id, place.parentId, place.name));
      }
      case "fetch":
        return fetchFile(operation);
      case "set_attributes": {
        if (!isAsExpected(operation.id)) return "changed";
        const { modifiedMs, executable } = operation;
        return put({ ...(local.find(operation.id) as LocalItem), modifiedMs, executable });
      }
      case "move_local":
        return moveTo(operation.id, operation.place.parentId, operation.place.name);
      case "move_to_limbo":
        return moveTo(operation.id, limboId, operation.id);
      case "set_aside":
        return setAside(operation);
      case "delete_local":
        return removeAll(operation.id) ? undefined : "something stays";
    }
  };

  const toCommit = (operation: RemoteOperation): AbstractCommit | string => {
    const { id } = operation;
    const row = local.isReachable(id) ? local.find(id) : undefined;
    switch (operation.do) {
      case "create_remote":
        if (row?.content !== "known") return "not here";
        return { op: "create", item: { ...row, ...operation.place } };
      case "edit_remote":
        if (row?.content !== "known") return "not here";
        return { op: "edit", id, base: bases.get(id)?.versionId ?? null, item: row };
      case "touch_remote":
        return { op: "touch", id, modifiedMs: operation.modifiedMs, executable: operation.executable };
      case "move_remote": {
        const { place, base } = operation;
        return { op: "move", id, ...place, baseParentId: base.parentId, baseName: base.name };
      }
      case "delete_remote":
        return { op: "delete", id, seen };
    }
  };

  return {
    book: (operation) => book(device, operation),
    ingest: (id) => {
      const row = local.find(id);
      const contentHash = device.unread.get(id);
      if (row === undefined || contentHash === undefined || !isAsExpected(id)) return "changed";
      return put({ ...row, contentHash, content: "known" });
    },
    onDisk,
    onServer: (operation) => {
      const commit = toCommit(operation);
      return typeof commit === "string" ? commit : device.server.commit(commit, (batchStart ??= device.server.head()));
    },
  };
}

export function folderRow(id: EntryId, parentId: EntryId, name: string): LocalItem {
  return {
    id,
    parentId,
    name,
    type: "folder",
    contentHash: null,
    sizeBytes: 0,
    modifiedMs: 0,
    executable: false,
    linkTarget: null,
    content: "known",
    conflictOf: null,
  };
}

function book({ local, remote, synced }: AbstractDevice, operation: BookOperation): void {
  const { id } = operation;
  switch (operation.do) {
    case "agree": {
      const here = local.find(id);
      const there = remote.find(id);
      const base = here && there && agreedItem(synced.find(id), here, there);
      if (base === undefined) throw new Error(`${id} is agreed on, and differs`);
      synced.put(base);
      return;
    }
    case "forget": {
      for (const tree of [local, remote]) {
        const stale = tree.below(id).filter((row) => !tree.isReachable(row.id));
        for (const row of stale) tree.remove(row.id);
      }
      pruneBelow(synced, id);
      synced.remove(id);
      return;
    }
    case "adopt": {
      pruneBelow(local, operation.remoteId);
      rename(local, id, operation.remoteId);
      if (synced.find(id) !== undefined) rename(synced, id, operation.remoteId);
    }
  }
}

function rename<T extends LocalItem | SyncedItem>(tree: MapTree<T>, id: EntryId, newId: EntryId): void {
  const row = tree.find(id) as T;
  const children = [...tree.children(id)];
  tree.remove(id);
  tree.put({ ...row, id: newId });
  for (const child of children) tree.put({ ...child, parentId: newId });
}

/** Content that only this disk has must not be destroyed. */
function assertKnownToServer(device: AbstractDevice, id: EntryId): void {
  const row = device.local.find(id);
  const hash = device.unread.get(id) ?? row?.contentHash;
  if (hash === undefined || hash === null || device.server.contents.has(hash)) return;
  throw new Error(`${device.name} destroys ${hash}, which only it has`);
}
