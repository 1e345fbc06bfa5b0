import { seededRandom, type SeededRandom } from "@satchel/testkit";
import type { Trace } from "../world/trace.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { DiskEntry, UserDisk } from "../world/user-disk.ts";
import { keyOfBytes, keyOfLink, type Contents } from "./contents.ts";
import type { OperationKind } from "./operations.ts";

const fileNames = ["a.txt", "b.txt", "c", "d.md", "ä", "a\u0308"] as const;
const folderNames = ["x", "y", "z"] as const;
const maxDepth = 4;
const burstFiles = 12;

/** The kinds of operations that a person does on a disk. */
export type WorkKind = Exclude<OperationKind, "idle" | "disconnect" | "crash" | "restart" | "restart_server">;

interface PersonParts {
  readonly name: string;
  readonly disk: UserDisk;
  readonly contents: Contents;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
}

/** Someone at a device, who changes the folder as people and their programs do, and of whose doings the books are kept. */
export class Person {
  readonly #parts: PersonParts;
  #random: SeededRandom = seededRandom(0);

  constructor(parts: PersonParts) {
    this.#parts = parts;
  }

  /** Does one thing; some take a while, in which the world goes on. What finds nothing to be done to is left. */
  async work(kind: WorkKind, draw: number): Promise<void> {
    this.#random = seededRandom(draw);
    try {
      await this.#does[kind]();
    } catch (error) {
      // Between two steps the engine may have changed what the second one is about.
      if (!this.#parts.disk.isRefusal(error)) throw error;
      this.#parts.trace.add(this.#parts.name, `gives up: ${(error as Error).message}`);
    }
  }

  /** Says that the folder was emptied on purpose, as the engine's question asks. */
  confirmEmptied(): void {
    this.#write("meant", this.#newContent());
  }

  readonly #does: Record<WorkKind, () => Promise<void> | void> = {
    create: () => this.#write(this.#place(fileNames), this.#newContent()),
    overwrite: () => this.#withFile((path) => this.#write(path, this.#newContent())),
    append: () => this.#withFile((path) => this.#write(path, joined(this.#parts.disk.read(path), this.#newContent()))),
    truncate: () =>
      this.#withFile((path) => this.#write(path, this.#parts.disk.read(path).subarray(0, this.#random.below(20)))),
    write_slowly: () => this.#writeSlowly(),
    save_by_rename: () => this.#withFile((path) => this.#saveByRename(path)),
    swap: () => this.#swap(),
    file_to_folder: () => this.#fileToFolder(),
    folder_to_file: () => this.#folderToFile(),
    rename: () =>
      this.#withAny(({ path, type }) =>
        this.#move(path, joinPath(parentOf(path), this.#random.pick(type === "folder" ? folderNames : fileNames))),
      ),
    move_file: () =>
      this.#withFile((path) =>
        this.#move(
          path,
          joinPath(this.#folder(), this.#random.chance(0.7) ? nameOf(path) : this.#random.pick(fileNames)),
        ),
      ),
    move_folder: () =>
      this.#withFolder((path) =>
        this.#move(
          path,
          joinPath(this.#folder(), this.#random.chance(0.6) ? nameOf(path) : this.#random.pick(folderNames)),
        ),
      ),
    move_folder_and_edit: () => this.#moveFolderAndEdit(),
    remove: () => this.#withFile((path) => (this.#isAll(path) ? undefined : this.#remove(path))),
    remove_folder: () => this.#withFolder((path) => (this.#isAll(path) ? undefined : this.#remove(path))),
    recreate: () => this.#recreate(),
    copy_file: () => this.#withFile((path) => this.#write(this.#place(fileNames), this.#parts.disk.read(path))),
    copy_folder: () => this.#withFolder((path) => this.#copyFolder(path)),
    change_mode: () => this.#withFile((path) => this.#changeMode(path)),
    change_time: () => this.#withFile((path) => this.#changeTime(path)),
    link: () => this.#link(),
    make_folder: () => this.#makeFolder(this.#place(folderNames)),
    burst: () => this.#burst(),
  };

  // What people do, in steps.

  async #writeSlowly(): Promise<void> {
    const path = this.#place(fileNames);
    const content = this.#newContent();
    for (const share of [0, 0.3, 0.7, 1]) {
      this.#write(path, content.subarray(0, Math.floor(content.length * share)));
      await this.#pause(60);
    }
  }

  async #saveByRename(path: string): Promise<void> {
    const content = this.#newContent();
    const beside = `${path}.new`;
    this.#write(beside, content);
    await this.#pause(5);
    if (this.#random.chance(0.5)) return this.#move(beside, path);
    // As editors that keep a backup until the new file is there.
    this.#move(path, `${path}~`);
    await this.#pause(5);
    this.#move(beside, path);
    await this.#pause(30);
    this.#remove(`${path}~`);
  }

  async #swap(): Promise<void> {
    const all = this.#parts.disk.list();
    if (all.length < 2) return;
    const one = this.#random.pick(all).path;
    const other = this.#random.pick(all).path;
    if (isWithin(one, other) || isWithin(other, one)) return;
    const aside = joinPath(parentOf(one), "aside");
    this.#move(one, aside);
    if (this.#random.chance(0.3)) await this.#pause(40);
    this.#move(other, one);
    if (this.#random.chance(0.3)) await this.#pause(40);
    this.#move(aside, other);
  }

  async #fileToFolder(): Promise<void> {
    const path = this.#pick("file");
    if (path === undefined || this.#isAll(path)) return;
    this.#remove(path);
    await this.#pause(10);
    this.#makeFolder(path);
    this.#write(joinPath(path, this.#random.pick(fileNames)), this.#newContent());
  }

  async #folderToFile(): Promise<void> {
    const path = this.#pick("folder");
    if (path === undefined || this.#isAll(path)) return;
    this.#remove(path);
    await this.#pause(10);
    this.#write(path, this.#newContent());
  }

  async #moveFolderAndEdit(): Promise<void> {
    const folder = this.#pick("folder");
    if (folder === undefined) return;
    const to = joinPath(this.#folder(), this.#random.pick(folderNames));
    const inside = this.#parts.disk
      .list()
      .filter(({ path, type }) => type === "file" && isWithin(path, folder) && path !== folder);
    const file = inside.length > 0 ? this.#random.pick(inside).path : joinPath(folder, this.#random.pick(fileNames));
    this.#write(file, this.#newContent());
    await this.#pause(10);
    this.#move(folder, to);
    await this.#pause(10);
    const moved = to + file.slice(folder.length);
    if (this.#parts.disk.find(moved)?.type === "file") this.#write(moved, this.#newContent());
  }

  async #recreate(): Promise<void> {
    const path = this.#pick("file");
    if (path === undefined) return;
    if (this.#isAll(path)) return;
    const again = this.#random.chance(0.3) ? this.#parts.disk.read(path) : this.#newContent();
    this.#remove(path);
    await this.#pause(50);
    this.#write(path, again);
  }

  async #copyFolder(from: string): Promise<void> {
    const to = joinPath(this.#folder(), this.#random.pick(folderNames));
    if (isWithin(to, from) || depthOf(to) > maxDepth) return;
    const inside = this.#parts.disk.list().filter(({ path }) => isWithin(path, from));
    for (const { path, type } of inside) {
      const copy = to + path.slice(from.length);
      if (type === "folder") this.#makeFolder(copy);
      else if (type === "file" && this.#parts.disk.find(path)?.type === "file")
        this.#write(copy, this.#parts.disk.read(path));
      if (this.#random.chance(0.2)) await this.#pause(5);
    }
  }

  #changeMode(path: string): void {
    const { disk, trace, name } = this.#parts;
    trace.add(name, `changes the mode of ${path}`);
    disk.chmod(path, !(disk.find(path)?.executable ?? false));
  }

  #changeTime(path: string): void {
    const { disk, trace, name, scheduler } = this.#parts;
    trace.add(name, `changes the time of ${path}`);
    disk.utimes(path, scheduler.nowMs() - this.#random.below(100_000_000));
  }

  #link(): void {
    const { disk, contents, trace, name } = this.#parts;
    const path = this.#place(fileNames);
    const target = `${this.#random.pick(fileNames)}-${this.#random.below(1000)}`;
    if (disk.find(path)?.type === "folder") return;
    if (disk.find(path)) this.#remove(path);
    if (parentOf(path) !== "" && disk.find(parentOf(path))?.type !== "folder") return;
    trace.add(name, `links ${path} -> ${target}`);
    contents.born(keyOfLink(target), `${name}:${path}`);
    disk.symlink(target, path);
  }

  async #burst(): Promise<void> {
    const folder = this.#folder();
    for (let n = this.#random.below(burstFiles); n >= 0; n -= 1) {
      if (folder !== "" && this.#parts.disk.find(folder)?.type !== "folder") return;
      this.#write(joinPath(folder, `f${n}`), this.#newContent());
      if (this.#random.chance(0.2)) await this.#pause(3);
    }
  }

  // Single steps, and what they do away with.

  #write(path: string, bytes: Uint8Array): void {
    const { disk, contents, trace, name } = this.#parts;
    const there = disk.find(path);
    if (there?.type === "folder") return;
    if (there?.type === "link") this.#remove(path);
    if (parentOf(path) !== "" && disk.find(parentOf(path))?.type !== "folder") return;
    if (there?.type === "file") contents.released(keyOfBytes(disk.read(path)));
    const key = keyOfBytes(bytes);
    trace.add(name, `writes ${path} = ${key.slice(0, 6)} (${bytes.length} bytes)`);
    contents.born(key, `${name}:${path}`);
    disk.write(path, bytes);
  }

  #move(from: string, to: string): void {
    const { disk, trace, name } = this.#parts;
    const [moved, there] = [disk.find(from), disk.find(to)];
    if (!moved || from === to || isWithin(to, from) || depthOf(to) > maxDepth) return;
    if (there && (there.type === "folder" || moved.type === "folder")) return;
    if (there) this.#release(there);
    trace.add(name, `renames ${from} to ${to}`);
    disk.rename(from, to);
  }

  #remove(path: string): void {
    const { disk, trace, name } = this.#parts;
    const doomed = disk.list().filter((entry) => isWithin(entry.path, path));
    for (const entry of doomed) this.#release(entry);
    trace.add(name, `deletes ${path}`);
    for (const entry of doomed.toReversed()) disk.remove(entry.path);
  }

  #makeFolder(path: string): void {
    const { disk, trace, name } = this.#parts;
    if (disk.find(path)) return;
    trace.add(name, `makes the folder ${path}`);
    disk.mkdir(path);
  }

  #release({ path, type, linkTarget }: DiskEntry): void {
    const { disk, contents } = this.#parts;
    if (type === "file") contents.released(keyOfBytes(disk.read(path)));
    if (type === "link") contents.released(keyOfLink(linkTarget ?? ""));
  }

  /** A synced folder that is suddenly empty is a question to a person, whom nobody plays here. */
  #isAll(path: string): boolean {
    return this.#parts.disk.list().every((entry) => isWithin(entry.path, path));
  }

  // Choices.

  #newContent(): Uint8Array {
    return this.#parts.contents.make(this.#random, this.#parts.name);
  }

  #pick(type: DiskEntry["type"]): string | undefined {
    const some = this.#parts.disk.list().filter((entry) => entry.type === type);
    return some.length > 0 ? this.#random.pick(some).path : undefined;
  }

  async #withFile(work: (path: string) => Promise<void> | void): Promise<void> {
    const path = this.#pick("file");
    if (path !== undefined) await work(path);
  }

  async #withFolder(work: (path: string) => Promise<void> | void): Promise<void> {
    const path = this.#pick("folder");
    if (path !== undefined) await work(path);
  }

  async #withAny(work: (entry: DiskEntry) => void): Promise<void> {
    const all = this.#parts.disk.list();
    if (all.length > 0) work(this.#random.pick(all));
  }

  /** An existing folder; the root half of the time. */
  #folder(): string {
    return this.#random.chance(0.4) ? "" : (this.#pick("folder") ?? "");
  }

  #place(names: readonly string[]): string {
    const folder = this.#folder();
    return joinPath(depthOf(folder) >= maxDepth - 1 ? "" : folder, this.#random.pick(names));
  }

  #pause(maxMs: number): Promise<void> {
    return this.#parts.scheduler.sleep(this.#random.float() * maxMs);
  }
}

function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function depthOf(path: string): number {
  return path === "" ? 0 : path.split("/").length;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
