import type { DavLock } from "./dav-store.ts";

type Scope = Pick<DavLock, "path" | "isDeep">;

/** Is the path inside of the folder at `folder`, at any depth? Not the folder itself. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Does the lock hold what is at the path? */
export function locksPath(lock: Scope, path: string): boolean {
  return lock.path === path || (lock.isDeep && isBelow(path, lock.path));
}

/** Do the two hold something that is the same? */
export function scopesMeet(one: Scope, other: Scope): boolean {
  return locksPath(one, other.path) || locksPath(other, one.path);
}
