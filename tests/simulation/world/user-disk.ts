import { DiskError, type VirtualEntry, type VirtualFileSystem } from "@satchel/engine";

/** An entry of the synced folder, as a person sees it. */
export interface DiskEntry {
  readonly path: string;
  readonly type: "file" | "folder" | "link";
  readonly bytes: Uint8Array | null;
  readonly modifiedMs: number;
  readonly executable: boolean;
  readonly linkTarget: string | null;
}

/** What a person does to a disk, in single steps. */
export type UserDisk = ReturnType<typeof userDisk>;

/** `isThere`: whether the folder is where people look for it; without it there is nothing to be seen or done. */
export function userDisk(files: VirtualFileSystem, isThere: () => boolean = () => true) {
  const mustBeThere = (path: string): void => {
    if (!isThere()) throw new DiskError("gone", path, "the folder is away");
  };
  const list = (): DiskEntry[] => (isThere() ? [...files.snapshot()].map(([path, entry]) => entryOf(path, entry)) : []);
  return {
    isThere,
    list,
    find: (path: string): DiskEntry | undefined => {
      const entry = isThere() ? files.find(path) : undefined;
      return entry && entryOf(path, entry);
    },
    read: (path: string): Uint8Array => {
      mustBeThere(path);
      return files.readFile(path);
    },
    write: (path: string, bytes: Uint8Array): void => {
      mustBeThere(path);
      files.writeFile(path, bytes);
    },
    /** Whether both names are one thing to this disk. */
    isSame: (one: string, other: string): boolean =>
      isThere() && files.tree.find(one) !== undefined && files.tree.find(one) === files.tree.find(other),
    rename: (from: string, to: string): void => {
      mustBeThere(from);
      files.rename(from, to);
    },
    remove: (path: string): void => {
      mustBeThere(path);
      files.remove(path);
    },
    mkdir: (path: string): void => {
      mustBeThere(path);
      files.makeFolder(path);
    },
    chmod: (path: string, executable: boolean): void => {
      mustBeThere(path);
      files.setExecutable(path, executable);
    },
    utimes: (path: string, modifiedMs: number): void => {
      mustBeThere(path);
      files.setModified(path, modifiedMs);
    },
    symlink: (target: string, path: string): void => {
      mustBeThere(path);
      files.symlink(target, path);
    },
    /** Whether it is only that something is not as the doer thought. */
    isRefusal: (error: unknown): boolean => error instanceof DiskError,
  };
}

function entryOf(path: string, entry: VirtualEntry): DiskEntry {
  return {
    path,
    type: entry.type,
    bytes: entry.type === "file" ? entry.bytes : null,
    modifiedMs: entry.type === "file" ? entry.modifiedMs : 0,
    executable: entry.type === "file" && entry.executable,
    linkTarget: entry.type === "link" ? entry.target : null,
  };
}
