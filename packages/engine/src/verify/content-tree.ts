import { hash } from "node:crypto";
import type { EntryId } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";

/** What one side has at one name; a folder's digest stands for all that is in it. */
export interface ContentNode {
  readonly id: EntryId;
  readonly item: Item;
  readonly children: Map<string, ContentNode>;
  /** SHA-256 in hex, equal where type, contents, times, modes and names below are equal. */
  digest: string;
}

/**
 * Makes a Merkle tree of a side's entries: children by their names, digests from the leaves up. Entries that can't be reached from the root are left out, and so are those of `isLeftOut`, with all that is in
 * them.
 */
export function contentTree(
  root: Item,
  childrenOf: (id: EntryId) => Iterable<Item>,
  isLeftOut: (id: EntryId) => boolean = () => false,
): ContentNode {
  const nodeOf = (item: Item): ContentNode => ({ id: item.id, item, children: new Map(), digest: "" });
  const top = nodeOf(root);
  const all = [top];
  // Walked in the order of arrival, parents before children: a tree may be deeper than a stack.
  for (const node of all) {
    if (node.item.type !== "folder") continue;
    for (const item of childrenOf(node.id)) {
      if (isLeftOut(item.id)) continue;
      const child = nodeOf(item);
      node.children.set(item.name, child);
      all.push(child);
    }
  }
  for (const node of all.toReversed()) node.digest = hash("sha256", describe(node), "hex");
  return top;
}

function describe({ item, children }: ContentNode): string {
  const { type, contentHash, modifiedMs, executable } = item;
  if (type === "link") return JSON.stringify([type, contentHash]);
  if (type === "file") return JSON.stringify([type, contentHash, modifiedMs, executable]);
  const names = [...children.keys()].toSorted();
  return JSON.stringify([type, ...names.map((name) => [name, children.get(name)?.digest])]);
}
