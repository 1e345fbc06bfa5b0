import type { IgnoreRules } from "@satchel/engine";
import type { ComparedTree } from "./trees.ts";

/** A disk's tree without what a rule leaves alone and the server doesn't have, and without folders that are there for nothing but that. */
export function withoutLeftAlone(onDisk: ComparedTree, onServer: ComparedTree, rules: IgnoreRules): ComparedTree {
  const synced = new Map(onDisk);
  const leftFolders = new Set<string>();
  // What is in a folder comes before the folder.
  for (const path of [...onDisk.keys()].toSorted().toReversed()) {
    if (onServer.has(path)) continue;
    const isFolder = onDisk.get(path)?.text.startsWith("folder") ?? false;
    const isIgnored = rules.find(path, isFolder) !== undefined;
    if (!isIgnored && !(leftFolders.has(path) && !hasMore(path, synced))) continue;
    synced.delete(path);
    leftFolders.add(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  }
  return synced;
}

function hasMore(folder: string, tree: ComparedTree): boolean {
  return [...tree.keys()].some((path) => path.startsWith(`${folder}/`));
}
