import { nameKey } from "../../names/name-key.ts";
import { findPlatformProblem, holdsAllNames, type NameRules } from "../../names/name-rules.ts";
import { DiskError } from "../../ports/disk.ts";
import { isOwn, joinPath, parentPath } from "../own-folder.ts";
import { isFolder, type FolderNode, type VirtualChild, type VirtualNode } from "./virtual-node.ts";

/** Changes of names that a power cut may still undo; what is older has reached the disk by itself. */
const maxUnsettledChanges = 10_000;

/**
 * Names and inodes, and the order in which names changed. Links are never followed.
 * Everything is synchronous and repeatable; times come from the clock that was handed in.
 */
export class VirtualTree {
  readonly #nowNs: () => bigint;
  readonly #nameRules: NameRules;
  readonly #compareAs: (name: string) => string;
  readonly #listeners = new Set<(path: string) => void>();
  /** How to take back the changes of names that are not durable yet, oldest first. */
  readonly #unsettled: (() => void)[] = [];
  #lastNumber = 1;
  #lastNs = 0n;
  /** Undefined while nothing is mounted there. */
  root: FolderNode | undefined;

  constructor(options: { nowNs: () => bigint; nameRules: NameRules }) {
    const { nameRules } = options;
    this.#nowNs = options.nowNs;
    this.#nameRules = nameRules;
    this.#compareAs = holdsAllNames(nameRules) ? (name) => name : (name) => nameKey(name, nameRules);
  }

  /** The next moment: never one that was before, as on a file system with fine-grained times. */
  tick(): bigint {
    const now = this.#nowNs();
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + 1n;
    return this.#lastNs;
  }

  create<Body extends VirtualNode["body"]>(body: Body, mode: number): VirtualNode & { readonly body: Body } {
    const now = this.tick();
    return { number: (this.#lastNumber += 1), bornNs: now, modifiedNs: now, changedNs: now, mode, body };
  }

  find(path: string): VirtualNode | undefined {
    return path === "" ? this.root : this.#findChild(path)?.node;
  }

  /** The same, under the very names that the folders on the way list. */
  findListed(path: string): VirtualNode | undefined {
    return this.#listedPath(path) === this.#asKept(path) ? this.find(path) : undefined;
  }

  /** @throws DiskError `gone` */
  getListed(path: string): VirtualNode {
    const node = this.findListed(path);
    if (node === undefined) throw new DiskError("gone", path, "it is not there");
    return node;
  }

  /** @throws DiskError `gone` */
  get(path: string): VirtualNode {
    const node = this.find(path);
    if (node === undefined) throw new DiskError("gone", path, "it is not there");
    return node;
  }

  /** @throws DiskError `gone` when it is not there, or no folder */
  getFolder(path: string): FolderNode {
    const node = this.getListed(path);
    if (!isFolder(node)) throw new DiskError("gone", path, "there is no folder");
    return node;
  }

  /** Gives an inode a name. What had that name loses it. */
  put(path: string, node: VirtualNode): void {
    const { parent, name, key } = this.#place(path);
    const replaced = parent.body.children.get(key);
    this.#set(parent, key, { name, node });
    this.#remember(() => this.#set(parent, key, replaced));
    this.#touch(path, parent, node);
  }

  /** Takes a name away. */
  drop(path: string): void {
    const { parent, key } = this.#place(path);
    const dropped = parent.body.children.get(key);
    if (dropped === undefined) throw new DiskError("gone", path, "it is not there");
    this.#set(parent, key, undefined);
    this.#remember(() => this.#set(parent, key, dropped));
    this.#touch(path, parent, dropped.node);
  }

  /** Gives what is at a path another name instead, in one step. What had that name loses it. */
  move(from: string, to: string): void {
    const node = this.get(from);
    // What refuses the new name leaves the old one.
    this.#place(to);
    this.drop(from);
    this.put(to, node);
    const undos = this.#unsettled.splice(-2);
    this.#remember(() => {
      for (const undo of undos.toReversed()) undo();
    });
  }

  /** Whether two paths are one name here. */
  isSameName(a: string, b: string): boolean {
    return a.split("/").map(this.#compareAs).join("/") === b.split("/").map(this.#compareAs).join("/");
  }

  /** An inode's content, time or mode changed. */
  changed(path: string, node: VirtualNode): void {
    node.changedNs = this.tick();
    this.#tell(path);
  }

  /** From now on a power cut undoes nothing of what has been done. */
  settle(): void {
    this.#unsettled.length = 0;
  }

  get unsettledCount(): number {
    return this.#unsettled.length;
  }

  /** The last changes of names never reached the disk. */
  undo(count: number): void {
    for (let left = count; left > 0; left -= 1) this.#unsettled.pop()?.();
  }

  /** Calls back with each path that changes, outside the engine's own folder. */
  listen(listener: (path: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #findChild(path: string): VirtualChild | undefined {
    const parent = this.find(parentPath(path));
    if (parent === undefined || !isFolder(parent)) return undefined;
    return parent.body.children.get(this.#compareAs(nameOf(path)));
  }

  #place(path: string): { parent: FolderNode; name: string; key: string } {
    const name = nameOf(path);
    if (path === "") throw new DiskError("failed", path, "the root has no name");
    const kept = this.#asKept(name);
    const problem = findPlatformProblem(kept, this.#nameRules);
    if (problem === "is too long") throw new DiskError("too_long", path, "the name is too long");
    if (problem !== undefined) throw new DiskError("name_not_possible", path, `the name ${problem}`);
    const parent = this.get(parentPath(path));
    if (!isFolder(parent)) throw new DiskError("gone", path, "there is no folder");
    return { parent, name: kept, key: this.#compareAs(kept) };
  }

  /** A disk that decomposes keeps names in another form than it was given. */
  #asKept(text: string): string {
    return this.#nameRules.normalization === "decomposed" ? text.normalize("NFD") : text;
  }

  /** The path in the spelling that is kept, as far as there is something. */
  #listedPath(path: string): string {
    if (path === "" || holdsAllNames(this.#nameRules)) return path;
    return joinPath(this.#listedPath(parentPath(path)), this.#findChild(path)?.name ?? nameOf(path));
  }

  #set(parent: FolderNode, key: string, child: VirtualChild | undefined): void {
    // A name that is given anew goes to the end, whatever was there.
    parent.body.children.delete(key);
    if (child !== undefined) parent.body.children.set(key, child);
  }

  #touch(path: string, parent: FolderNode, node: VirtualNode): void {
    const now = this.tick();
    parent.modifiedNs = parent.changedNs = node.changedNs = now;
    this.#tell(path);
  }

  #remember(undo: () => void): void {
    this.#unsettled.push(undo);
    if (this.#unsettled.length > maxUnsettledChanges) this.#unsettled.shift();
  }

  #tell(path: string): void {
    if (isOwn(path)) return;
    const listed = this.#listedPath(path);
    for (const listener of this.#listeners) listener(listed);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
