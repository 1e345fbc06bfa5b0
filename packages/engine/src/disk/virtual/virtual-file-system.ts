import { linuxNames, type NameRules } from "../../names/name-rules.ts";
import { DiskError } from "../../ports/disk.ts";
import { floorMilliseconds } from "../disk-stat.ts";
import { isOwn, joinPath, ownFolder, parentPath } from "../own-folder.ts";
import { isFile, isFolder, type FileNode, type FolderNode, type VirtualNode } from "./virtual-node.ts";
import { VirtualTree } from "./virtual-tree.ts";

const fileMode = 0o644;
const executableMode = 0o755;
const folderMode = 0o755;
const linkMode = 0o777;

/** What is at a path, as a person sees it. */
export type VirtualEntry =
  | { readonly type: "folder" }
  | { readonly type: "link"; readonly target: string }
  | {
      readonly type: "file";
      readonly bytes: Uint8Array;
      readonly modifiedMs: number;
      readonly executable: boolean;
    };

export interface VirtualFileSystemOptions {
  /** Nanoseconds since 1970. It may stand still, or jump: each change still gets a later moment than the one before. */
  readonly nowNs: () => bigint;
  /** Which names it can hold, and which it takes for one. Linux' if left out. */
  readonly nameRules?: NameRules;
  /** Contents may not take more than this together. */
  readonly capacityBytes?: number;
}

/**
 * One machine's file system in memory: it outlives the disks (processes) that are opened on it. The methods here are what a
 * person and other programs do. They are durable at once, with everything before them, so that a test may count on what it did.
 */
export class VirtualFileSystem {
  readonly tree: VirtualTree;
  readonly nameRules: NameRules;
  /** Contents may not take more than this together; it may change. */
  capacityBytes: number;

  constructor(options: VirtualFileSystemOptions) {
    this.nameRules = options.nameRules ?? linuxNames;
    this.tree = new VirtualTree({ nowNs: options.nowNs, nameRules: this.nameRules });
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Writes into the file that is there (same inode), or makes one. Its time is now. */
  writeFile(path: string, bytes: Uint8Array): void {
    const node = this.tree.find(path);
    if (node === undefined) this.#create(path, this.newFile(bytes));
    else this.write(path, mustBeFile(node, path), bytes);
    this.#makeDurable(path);
  }

  /** Saves as most editors do: a new file, renamed over the old one, with its mode. */
  replaceFile(path: string, bytes: Uint8Array): void {
    const replaced = this.tree.find(path);
    const fresh = this.newFile(bytes);
    if (replaced !== undefined) fresh.mode = mustBeFile(replaced, path).mode;
    this.#create(path, fresh);
    this.#makeDurable(path);
  }

  /** Makes a folder, and those on the way. */
  makeFolder(path: string): void {
    const there = path === "" ? this.tree.root : this.tree.find(path);
    if (there?.body.type === "folder") return;
    if (there !== undefined || path === "") throw new DiskError("exists", path, "something else is there");
    this.makeFolder(parentPath(path));
    this.#create(path, this.newFolder());
    this.tree.settle();
  }

  symlink(target: string, path: string): void {
    if (this.tree.find(path) !== undefined) throw new DiskError("exists", path, "something is there already");
    this.#create(path, this.newLink(target));
    this.tree.settle();
  }

  /** A second name for a file. */
  link(from: string, to: string): void {
    if (this.tree.find(to) !== undefined) throw new DiskError("exists", to, "something is there already");
    this.tree.put(to, mustBeFile(this.tree.get(from), from));
    this.tree.settle();
  }

  /** Renames as `mv -T` does: over a file, or over an empty folder. */
  rename(from: string, to: string): void {
    const moved = this.tree.get(from);
    const target = this.tree.find(to);
    if (target === moved && !this.tree.isSameName(from, to)) return;
    if (to.startsWith(`${from}/`)) throw new DiskError("name_not_possible", to, "a folder can't go into itself");
    if (target !== undefined && target !== moved) mustBeReplaceable(moved, target, to);
    this.tree.getFolder(parentPath(to));
    this.tree.move(from, to);
    this.tree.settle();
  }

  /** Removes whatever is there, with everything in it. */
  remove(path: string): void {
    this.tree.drop(path);
    this.tree.settle();
  }

  setExecutable(path: string, executable: boolean): void {
    const node = mustBeFile(this.tree.get(path), path);
    node.mode = executable ? node.mode | 0o111 : node.mode & ~0o111;
    this.tree.changed(path, node);
  }

  setModified(path: string, modifiedMs: number): void {
    const node = this.tree.get(path);
    node.modifiedNs = BigInt(modifiedMs) * 1_000_000n;
    this.tree.changed(path, node);
  }

  readFile(path: string): Uint8Array {
    return mustBeFile(this.tree.get(path), path).body.bytes;
  }

  /** What is at a path; undefined in the engine's own folder, of which people know nothing. */
  find(path: string): VirtualEntry | undefined {
    const node = isOwn(path) ? undefined : this.tree.find(path);
    return node && entryOf(node);
  }

  /** Everything but the engine's own folder, by path, in order of the paths. */
  snapshot(): Map<string, VirtualEntry> {
    const entries = new Map<string, VirtualEntry>();
    const visit = (folder: FolderNode, path: string): void => {
      for (const { name, node } of folder.body.children.values()) {
        const at = joinPath(path, name);
        if (at === ownFolder) continue;
        entries.set(at, entryOf(node));
        if (isFolder(node)) visit(node, at);
      }
    };
    if (this.tree.root !== undefined) visit(this.tree.root, "");
    return new Map([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Takes the root away, as unmounting does; hand it to {@link mount} to bring it back. */
  unmount(): FolderNode | undefined {
    const { root } = this.tree;
    this.tree.root = undefined;
    return root;
  }

  /** Puts a root there: one that was taken away, or an empty new one. */
  mount(root: FolderNode = this.newFolder()): void {
    this.tree.root = root;
  }

  /**
   * The power goes. Contents that were not synced are what `tear` makes of them (given what was durable and what was
   * written), and so many of the last changes of names never happened as `below(n)` says, 0 to n - 1. Kill the disks first.
   */
  cutPower(choices: {
    below: (bound: number) => number;
    tear: (durable: Uint8Array, written: Uint8Array) => Uint8Array;
  }): void {
    this.tree.undo(choices.below(this.tree.unsettledCount + 1));
    this.tree.settle();
    const visit = (node: VirtualNode): void => {
      if (isFolder(node)) for (const child of node.body.children.values()) visit(child.node);
      if (!isFile(node) || node.body.bytes === node.body.durableBytes) return;
      node.body.bytes = node.body.durableBytes = choices.tear(node.body.durableBytes, node.body.bytes);
      node.changedNs = this.tree.tick();
    };
    if (this.tree.root !== undefined) visit(this.tree.root);
  }

  /** A file without a name yet, not synced. @throws DiskError `full` */
  newFile(bytes: Uint8Array, executable = false): FileNode {
    this.#mustFit(bytes.length);
    const body = { type: "file" as const, bytes: bytes.slice(), durableBytes: new Uint8Array(0) };
    return this.tree.create(body, executable ? executableMode : fileMode);
  }

  newFolder(): FolderNode {
    return this.tree.create({ type: "folder" as const, children: new Map() }, folderMode);
  }

  newLink(target: string): VirtualNode {
    return this.tree.create({ type: "link" as const, target }, linkMode);
  }

  /** Changes a file's content in place. @throws DiskError `full` */
  write(path: string, node: FileNode, bytes: Uint8Array): void {
    this.#mustFit(bytes.length - node.body.bytes.length);
    node.body.bytes = bytes.slice();
    node.modifiedNs = this.tree.tick();
    this.tree.changed(path, node);
  }

  #create(path: string, node: VirtualNode): void {
    if (this.tree.find(path)?.body.type === "folder") throw new DiskError("exists", path, "a folder is there");
    this.tree.put(path, node);
  }

  #makeDurable(path: string): void {
    const { body } = mustBeFile(this.tree.get(path), path);
    body.durableBytes = body.bytes;
    this.tree.settle();
  }

  #mustFit(moreBytes: number): void {
    if (moreBytes <= 0 || this.capacityBytes === Number.POSITIVE_INFINITY) return;
    if (this.usedBytes() + moreBytes > this.capacityBytes)
      throw new DiskError("full", "", "no space left on the device");
  }

  /** What all contents take together. */
  usedBytes(): number {
    const used = (node: VirtualNode): number => {
      if (isFile(node)) return node.body.bytes.length;
      return isFolder(node) ? [...node.body.children.values()].reduce((sum, child) => sum + used(child.node), 0) : 0;
    };
    return this.tree.root === undefined ? 0 : used(this.tree.root);
  }
}

/** @throws DiskError `changed` */
export function mustBeFile(node: VirtualNode, path: string): FileNode {
  if (isFile(node)) return node;
  throw new DiskError("changed", path, "it is no file");
}

function mustBeReplaceable(moved: VirtualNode, target: VirtualNode, path: string): void {
  if (isFolder(moved) !== isFolder(target)) throw new DiskError("exists", path, "something else is there");
  if (isFolder(target) && target.body.children.size > 0) throw new DiskError("not_empty", path, "it is not empty");
}

function entryOf(node: VirtualNode): VirtualEntry {
  const { body } = node;
  if (body.type === "folder") return { type: "folder" };
  if (body.type === "link") return { type: "link", target: body.target };
  const modifiedMs = floorMilliseconds(node.modifiedNs);
  return { type: "file", bytes: body.bytes, modifiedMs, executable: (node.mode & 0o100) !== 0 };
}
