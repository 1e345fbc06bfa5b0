/** The engine's own folder in the synced one: on the same file system, so that what is made in it can be renamed into place. */
export const ownFolder = ".satchel";

/** Says which synced folder this is. */
export const markerPath = `${ownFolder}/marker`;

/** Finished and half-made files on their way to their place. */
export const temporaryFolder = `${ownFolder}/tmp`;

/** What had to step aside for a moment. */
export const limboFolder = `${ownFolder}/limbo`;

/** A half-made file that can be gone on with ends so; anything else in the temporary folder is worthless after a restart. */
export const partSuffix = ".part";

/** Half-made files that nobody has gone on with for so long are removed: 7 days. */
export const maxPartAgeMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a path is the engine's own folder or lies in it. */
export function isOwn(path: string): boolean {
  return path === ownFolder || path.startsWith(`${ownFolder}/`);
}

/** The folder that an entry is in; that of the root is the root. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** The path of an entry in a folder. */
export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
