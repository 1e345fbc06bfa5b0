import { DiskError, type VirtualFileSystem } from "@satchel/engine";

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

export function userDisk(files: VirtualFileSystem) {
  const list = (): DiskEntry[] =>
    [...files.snapshot()].map(([path, entry]) => ({
      path,
      type: entry.type,
      bytes: entry.type === "file" ? entry.bytes : null,
      modifiedMs: entry.type === "file" ? entry.modifiedMs : 0,
      executable: entry.type === "file" && entry.executable,
      linkTarget: entry.type === "link" ? entry.target : null,
    }));
  return {
    list,
    find: (path: string): DiskEntry | undefined => list().find((entry) => entry.path === path),
    read: (path: string): Uint8Array => files.readFile(path),
    write: (path: string, bytes: Uint8Array): void => files.writeFile(path, bytes),
    rename: (from: string, to: string): void => files.rename(from, to),
    remove: (path: string): void => files.remove(path),
    mkdir: (path: string): void => files.makeFolder(path),
    chmod: (path: string, executable: boolean): void => files.setExecutable(path, executable),
    utimes: (path: string, modifiedMs: number): void => files.setModified(path, modifiedMs),
    symlink: (target: string, path: string): void => files.symlink(target, path),
    /** Whether it is only that something is not as the doer thought. */
    isRefusal: (error: unknown): boolean => error instanceof DiskError,
  };
}
