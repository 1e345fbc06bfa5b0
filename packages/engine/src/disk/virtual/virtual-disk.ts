import { DiskError, type Disk, type DiskStat, type RootIdentity, type ScannedFolder } from "../../ports/disk.ts";
import { modeWithExecutable } from "../disk-stat.ts";
import { mustStayInside } from "../guarded-path.ts";
import {
  joinPath,
  limboFolder,
  markerPath,
  ownFolder,
  parentPath,
  partSuffix,
  temporaryFolder,
} from "../own-folder.ts";
import { inodeOf, isFile, isFolder, statOf } from "./virtual-node.ts";
import { mustBeFile, type VirtualFileSystem } from "./virtual-file-system.ts";
import { virtualReader } from "./virtual-reader.ts";
import { virtualWriter } from "./virtual-writer.ts";

/** What a disk does, as told to its hook: a method of the port, or a step of one. */
export type VirtualOperation =
  | Exclude<keyof Disk, "reader" | "writer" | "nameRules" | "close">
  | "readSmall"
  | "cut"
  | "readChunks"
  | "writeSmall"
  | "assemble";

/**
 * Called before each operation, and before each step of a longer one (a folder of a scan, a file of a batch, a piece of
 * a file). It may wait, which is when other things happen, and it may throw the DiskError that the operation is to fail with.
 */
export type VirtualDiskHook = (operation: VirtualOperation, path: string) => void | Promise<void>;

/** A disk that can be taken away from the process that uses it. */
export interface VirtualDisk extends Disk {
  /** The process is gone: whatever it still does fails, and changes nothing. */
  kill(): void;
}

/** A process's view of a file system in memory, with the behaviour of the real disk. */
export function openVirtualDisk(files: VirtualFileSystem, hook: VirtualDiskHook = () => undefined): VirtualDisk {
  let isAlive = true;
  const step: VirtualDiskHook = async (operation, path) => {
    mustLive(path);
    mustStayInside(path);
    await hook(operation, path);
    mustLive(path);
  };
  function mustLive(path: string): void {
    if (!isAlive) throw new DiskError("failed", path, "the disk was closed");
  }
  return {
    ...rootOperations(files, step),
    ...nameOperations(files, step),
    ...placeOperations(files, step),
    reader: virtualReader(files, step),
    writer: virtualWriter(files, step),
    kill: () => (isAlive = false),
    close: async () => {
      isAlive = false;
      await Promise.resolve();
    },
  };
}

function rootOperations(
  files: VirtualFileSystem,
  step: VirtualDiskHook,
): Pick<Disk, "rootIdentity" | "prepareRoot" | "nameRules" | "scan" | "settle" | "isUnsettled"> {
  const { tree } = files;
  const identify = (): RootIdentity | undefined => {
    if (tree.root === undefined) return undefined;
    const marker = tree.find(markerPath);
    const text = marker && isFile(marker) ? Buffer.from(marker.body.bytes).toString("utf8") : undefined;
    return { inode: inodeOf(tree.root), marker: text };
  };
  return {
    async rootIdentity() {
      await step("rootIdentity", "");
      return identify();
    },
    async prepareRoot(marker) {
      await step("prepareRoot", "");
      if (tree.root === undefined) files.mount();
      for (const folder of [ownFolder, temporaryFolder, limboFolder]) files.makeFolder(folder);
      for (const { name } of tree.getFolder(temporaryFolder).body.children.values()) {
        if (!name.endsWith(partSuffix)) tree.drop(joinPath(temporaryFolder, name));
      }
      if (identify()?.marker !== marker) files.writeFile(markerPath, Buffer.from(marker));
      const identity = identify();
      if (identity === undefined) throw new DiskError("gone", "", "the folder is not there any more");
      return identity;
    },
    nameRules: () => Promise.resolve(files.nameRules),
    async *scan(path, { recursive, signal }) {
      const toList = [path];
      for (let at = toList.pop(); at !== undefined; at = toList.pop()) {
        signal?.throwIfAborted();
        const listing = await list(files, step, at);
        if (recursive) toList.push(...foldersOf(listing).toReversed());
        yield listing;
      }
    },
    async settle() {
      await step("settle", "");
      tree.settle();
    },
    isUnsettled: () => tree.unsettledCount > 0,
  };
}

async function list(files: VirtualFileSystem, step: VirtualDiskHook, path: string): Promise<ScannedFolder> {
  try {
    await step("scan", path);
    const children = [...files.tree.getFolder(path).body.children.values()];
    const listed = children.filter(({ name }) => path !== "" || name !== ownFolder);
    return { path, entries: listed.map(({ name, node }) => ({ name, ...statOf(node) })), unreadable: [] };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const isNamed = error.code === "gone" || error.code === "denied";
    return { path, entries: [], unreadable: [], problem: isNamed ? error.code : error.message };
  }
}

function foldersOf(listing: ScannedFolder): string[] {
  return listing.entries.filter(({ type }) => type === "folder").map(({ name }) => joinPath(listing.path, name));
}

function nameOperations(
  files: VirtualFileSystem,
  step: VirtualDiskHook,
): Pick<Disk, "stat" | "makeFolder" | "move" | "removeFile" | "removeFolder"> {
  const { tree } = files;
  return {
    async stat(path) {
      await step("stat", path);
      const node = tree.findListed(path);
      return node && statOf(node);
    },
    async makeFolder(path) {
      await step("makeFolder", path);
      mustBeFree(files, path);
      tree.put(path, files.newFolder());
      return statOf(tree.get(path));
    },
    async move(from, to) {
      await step("move", to);
      mustStayInside(from);
      const node = tree.getListed(from);
      const isSpelling = from !== to && tree.find(to) === node && tree.isSameName(from, to);
      if (!isSpelling) mustBeFree(files, to);
      tree.getFolder(parentPath(to));
      if (to.startsWith(`${from}/`)) throw new DiskError("name_not_possible", to, "a folder can't go into itself");
      tree.move(from, to);
      return statOf(node);
    },
    async removeFile(path, fingerprint) {
      await step("removeFile", path);
      mustBeUnchanged(files, path, fingerprint);
      tree.drop(path);
    },
    async removeFolder(path) {
      await step("removeFolder", path);
      if (tree.getFolder(path).body.children.size > 0) throw new DiskError("not_empty", path, "it is not empty");
      tree.drop(path);
    },
  };
}

function placeOperations(
  files: VirtualFileSystem,
  step: VirtualDiskHook,
): Pick<Disk, "place" | "placeLink" | "setAttributes" | "discard"> {
  const { tree } = files;
  const mustBeAsExpected = (path: string, expected: string | null): void => {
    if (expected === null) {
      mustBeFree(files, path);
      return;
    }
    tree.getFolder(parentPath(path));
    if (tree.findListed(path) === undefined) throw new DiskError("changed", path, "it is not there any more");
    mustBeUnchanged(files, path, expected);
  };
  return {
    async place(temporary, path, expected) {
      await step("place", path);
      const node = tree.find(temporary.path);
      if (node === undefined) throw new DiskError("failed", path, "the temporary file is gone");
      mustBeAsExpected(path, expected);
      const replaced = tree.find(path);
      if (replaced && isFile(replaced)) node.mode = modeWithExecutable(replaced.mode, (node.mode & 0o100) !== 0);
      tree.put(path, node);
      tree.drop(temporary.path);
      return statOf(node);
    },
    async placeLink(target, path, expected) {
      await step("placeLink", path);
      mustBeAsExpected(path, expected);
      tree.put(path, files.newLink(target));
      return statOf(tree.get(path));
    },
    async setAttributes(path, { modifiedMs, executable, fingerprint }) {
      await step("setAttributes", path);
      mustBeUnchanged(files, path, fingerprint);
      const node = mustBeFile(tree.get(path), path);
      node.mode = modeWithExecutable(node.mode, executable);
      node.modifiedNs = BigInt(modifiedMs) * 1_000_000n;
      tree.changed(path, node);
      return statOf(node);
    },
    async discard({ path }) {
      await step("discard", path);
      if (tree.find(path) !== undefined) tree.drop(path);
    },
  };
}

/** Looks at the folder first, as the real disk does: without it nothing is there, and nothing can be. */
function mustBeFree(files: VirtualFileSystem, path: string): void {
  files.tree.getFolder(parentPath(path));
  if (files.tree.find(path) !== undefined) throw new DiskError("exists", path, "something is there already");
}

function mustBeUnchanged(files: VirtualFileSystem, path: string, fingerprint: string): DiskStat {
  const node = files.tree.getListed(path);
  const stat = statOf(node);
  if (!isFolder(node) && stat.fingerprint === fingerprint) return stat;
  throw new DiskError("changed", path, "it is not what it was");
}
