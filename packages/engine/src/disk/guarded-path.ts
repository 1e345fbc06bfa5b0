import { lstatSync } from "node:fs";
import { DiskError } from "../ports/disk.ts";
import { foldsNames, isListed } from "./folded-names.ts";
import { parentPath } from "./own-folder.ts";
import { isStraight } from "./straight-path.ts";

/** In folders that are deeper than this the system is asked for the whole path at once. */
const maxLooks = 16;

/** Turns paths of the port into the system's, and refuses those that leave the synced folder. */
export interface GuardedPaths {
  /** The absolute path; its parents are not looked at. @throws DiskError `failed` for a path that is not the port's */
  resolve(path: string): string;
  /** The same, when no folder on the way is a link, and each has the very name. @throws DiskError `gone` or `changed` */
  guard(path: string): string;
  /** The same for what must not be something else that the disk takes to have the same name. @throws DiskError `gone` or `changed` */
  guardListed(path: string): string;
}

/**
 * Folders that were looked at once are taken for folders for as long as this object is used: make one for each batch
 * of synchronous work. A link that took a folder's place must not lead the engine out of the synced folder.
 */
export function guardedPaths(root: string): GuardedPaths {
  const folders = new Set<string>([""]);

  function checkFolder(path: string): void {
    if (folders.has(path)) return;
    if (isDeep(path) && !foldsNames(root) && isStraight(root, path)) folders.add(path);
    else lookAtEach(path);
  }

  function lookAtEach(path: string): void {
    if (folders.has(path)) return;
    lookAtEach(parentPath(path));
    const stats = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
    if (stats === undefined) throw new DiskError("gone", path, "the folder is not there");
    if (!stats.isDirectory()) throw new DiskError("gone", path, "there is no folder any more, but something else");
    mustBeListed(path);
    folders.add(path);
  }

  /** [NM31] */
  function mustBeListed(path: string): void {
    if (path === "" || !foldsNames(root) || isListed(`${root}/${path}`)) return;
    throw new DiskError("gone", path, "there is only something with a name that the disk takes for the same");
  }

  const resolve = (path: string): string => {
    if (path === "") return root;
    mustStayInside(path);
    return `${root}/${path}`;
  };
  const guard = (path: string): string => {
    const absolute = resolve(path);
    checkFolder(parentPath(path));
    return absolute;
  };
  return {
    resolve,
    guard,
    guardListed(path) {
      const absolute = guard(path);
      mustBeListed(path);
      return absolute;
    },
  };
}

function isDeep(path: string): boolean {
  let names = 1;
  for (let at = path.indexOf("/"); at !== -1 && names <= maxLooks; at = path.indexOf("/", at + 1)) names += 1;
  return names > maxLooks;
}

/** A NUL, or a name that is none: empty, `.` or `..`. */
const leadsOut = /\0|(?:^|\/)\.{0,2}(?:\/|$)/;

/** Refuses what isn't a path of the port: one that could lead out of the synced folder. @throws DiskError `failed` */
export function mustStayInside(path: string): void {
  if (path === "") return;
  if (leadsOut.test(path)) throw new DiskError("failed", path, "not a path in the synced folder");
}
