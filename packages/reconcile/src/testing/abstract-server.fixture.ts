import type { EntryId, VersionId } from "@satchel/protocol";
import type { Item, RemoteItem } from "../tree/item.ts";
import { mapTree, type MapTree } from "./map-tree.fixture.ts";

/** An entry of the feed. */
export interface FeedEntry {
  readonly item: RemoteItem;
  readonly deleted: boolean;
  readonly sequence: number;
}

export type AbstractCommit =
  | { readonly op: "create"; readonly item: Item & { readonly conflictOf: EntryId | null } }
  | { readonly op: "edit"; readonly id: EntryId; readonly base: VersionId | null; readonly item: Item }
  | { readonly op: "touch"; readonly id: EntryId; readonly modifiedMs: number; readonly executable: boolean }
  | {
      readonly op: "move";
      readonly id: EntryId;
      readonly parentId: EntryId;
      readonly name: string;
      readonly baseParentId: EntryId;
      readonly baseName: string;
    }
  | { readonly op: "delete"; readonly id: EntryId; readonly seen: number };

/** The tree of a workspace with the conditions that the real server sets on a commit, and its feed. */
export interface AbstractServer {
  readonly tree: MapTree<RemoteItem>;
  /** Every content that was ever committed. */
  readonly contents: ReadonlySet<string>;
  head(): number;
  /** @param batchStart the head before the batch: a deletion doesn't mind changes of its own batch. @returns undefined when done, else why not */
  commit(operation: AbstractCommit, batchStart: number): string | undefined;
  changesSince(sequence: number): FeedEntry[];
}

export function abstractServer(root: RemoteItem): AbstractServer {
  const tree = mapTree<RemoteItem>(root);
  const feed = new Map<EntryId, FeedEntry>();
  const contents = new Set<string>();
  let head = 0;
  let versions = 0;

  const write = (item: RemoteItem, deleted: boolean): void => {
    head += 1;
    feed.delete(item.id);
    feed.set(item.id, { item, deleted, sequence: head });
    if (deleted) tree.remove(item.id);
    else tree.put(item);
    if (item.contentHash !== null) contents.add(item.contentHash);
  };
  const newVersion = (): VersionId => `v${(versions += 1)}` as VersionId;
  const alive = (id: EntryId): RemoteItem | undefined => (tree.isReachable(id) ? tree.find(id) : undefined);
  const whyNoPlace = (parentId: EntryId, name: string): string | undefined => {
    if (alive(parentId)?.type !== "folder") return "not_found";
    return tree.findChild(parentId, name) === undefined ? undefined : "name_taken";
  };
  const isWithin = (id: EntryId, folderId: EntryId): boolean =>
    id === folderId || tree.below(folderId).some((row) => row.id === id);

  const create = ({ item }: AbstractCommit & { op: "create" }): string | undefined => {
    if (alive(item.id) !== undefined) return "id_taken";
    const problem = whyNoPlace(item.parentId as EntryId, item.name);
    if (problem !== undefined) return problem;
    // A folder comes back empty: the feed tells that what was in it is gone.
    for (const child of tree.children(item.id)) write(child, true);
    write({ ...item, versionId: item.type === "folder" ? null : newVersion() }, false);
    return undefined;
  };
  const move = (operation: AbstractCommit & { op: "move" }): string | undefined => {
    const row = alive(operation.id);
    if (row === undefined) return "not_found";
    if (row.parentId !== operation.baseParentId || row.name !== operation.baseName) return "place_conflict";
    const problem = whyNoPlace(operation.parentId, operation.name);
    if (problem !== undefined) return problem;
    if (isWithin(operation.parentId, operation.id)) return "cycle";
    write({ ...row, parentId: operation.parentId, name: operation.name }, false);
    return undefined;
  };
  const remove = ({ id, seen }: AbstractCommit & { op: "delete" }, batchStart: number): string | undefined => {
    const row = alive(id);
    if (row === undefined) return "not_found";
    const subtree = [row, ...tree.below(id)];
    const isUnseen = (sequence: number): boolean => sequence > seen && sequence <= batchStart;
    if (subtree.some((each) => isUnseen(feed.get(each.id)?.sequence ?? 0))) return "changed_since";
    write(row, true);
    return undefined;
  };
  const commit = (operation: AbstractCommit, batchStart: number): string | undefined => {
    switch (operation.op) {
      case "create":
        return create(operation);
      case "move":
        return move(operation);
      case "delete":
        return remove(operation, batchStart);
      case "edit": {
        const row = alive(operation.id);
        if (row === undefined) return "not_found";
        if (row.versionId !== operation.base) return "version_conflict";
        const { contentHash, sizeBytes, modifiedMs, executable, linkTarget } = operation.item;
        write({ ...row, contentHash, sizeBytes, modifiedMs, executable, linkTarget, versionId: newVersion() }, false);
        return undefined;
      }
      case "touch": {
        const row = alive(operation.id);
        if (row === undefined) return "not_found";
        const { modifiedMs, executable } = operation;
        write({ ...row, modifiedMs, executable, versionId: newVersion() }, false);
        return undefined;
      }
    }
  };
  return {
    tree,
    contents,
    head: () => head,
    commit,
    changesSince: (sequence) => [...feed.values()].filter((entry) => entry.sequence > sequence),
  };
}
