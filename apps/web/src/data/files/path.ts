/** Paths are from the account's root, without a slash at either end: `docs/2026`. The root is empty. */
export function childPath(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function namesOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}

/** Below it, the address is the folder: `/files/docs/2026`. */
const filesAddress = "/files";
/** Below it, what was done in the folder. */
export const activityAddress = "/activity";

/** The address of a folder, every name escaped by itself. */
export function addressOf(path: string, base: string = filesAddress): string {
  return [base, ...namesOf(path).map(encodeURIComponent)].join("/");
}

/** The folder that an address (`currentAddress()`) means. What people type may have slashes too many, or a `%` that escapes nothing. */
export function pathOfAddress(pathname: string, base: string = filesAddress): string {
  return pathname.slice(base.length).split("/").filter(Boolean).map(unescape).join("/");
}

function unescape(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
