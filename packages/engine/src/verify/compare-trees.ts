import type { ContentNode } from "./content-tree.ts";

/** How an item differs between this folder and the server. */
export type DifferenceKind =
  | "only_here"
  | "only_there"
  | "type"
  | "content"
  | "attributes"
  /** The bytes on the disk are not those that were there when the file was last read, though nothing else says that it changed. */
  | "damaged_here";

export interface Difference {
  /** From the folder, with '/'. */
  readonly path: string;
  readonly kind: DifferenceKind;
}

/** More than these are not named one by one. */
export const maxDifferences = 1000;

/** Goes down only where digests differ. */
export function compareTrees(here: ContentNode, there: ContentNode): Difference[] {
  const differences: Difference[] = [];
  const pairs = [{ path: "", here, there }];
  for (const pair of pairs) {
    if (pair.here.digest === pair.there.digest) continue;
    const names = new Set([...pair.here.children.keys(), ...pair.there.children.keys()]);
    for (const name of [...names].toSorted()) {
      if (differences.length >= maxDifferences) return differences;
      const path = pair.path === "" ? name : `${pair.path}/${name}`;
      const [mine, theirs] = [pair.here.children.get(name), pair.there.children.get(name)];
      if (mine === undefined) differences.push({ path, kind: "only_there" });
      else if (theirs === undefined) differences.push({ path, kind: "only_here" });
      else if (mine.digest !== theirs.digest) {
        const kind = kindOf(mine, theirs);
        if (kind === undefined) pairs.push({ path, here: mine, there: theirs });
        else differences.push({ path, kind });
      }
    }
  }
  return differences;
}

/** Undefined for two folders, which differ in what is in them. */
function kindOf(here: ContentNode, there: ContentNode): DifferenceKind | undefined {
  if (here.item.type !== there.item.type) return "type";
  if (here.item.type === "folder") return undefined;
  return here.item.contentHash === there.item.contentHash ? "attributes" : "content";
}
