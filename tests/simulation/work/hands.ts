import { seededRandom, type SeededRandom } from "@satchel/testkit";
import type { Trace } from "../world/trace.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { DiskEntry, UserDisk } from "../world/user-disk.ts";
import { keyOfBytes, keyOfLink, type Contents } from "./contents.ts";
import { depthOf, isWithin, joinPath, parentOf } from "./paths.ts";

export const fileNames = ["a.txt", "b.txt", "c", "d.md", "ä", "a\u0308"] as const;
export const folderNames = ["x", "y", "z"] as const;
/** Nobody makes folders deeper than that. */
export const maxDepth = 4;

export interface HandsParts {
  readonly name: string;
  readonly disk: UserDisk;
  readonly contents: Contents;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  /** The folder in which this person stays; '' for everywhere. */
  readonly home: string;
}

/** What a person does in one step, with the books of what came into the world and what was done away with; and the choices of a person who follows a seed. */
export class Hands {
  readonly #parts: HandsParts;
  random: SeededRandom = seededRandom(0);

  constructor(parts: HandsParts) {
    this.#parts = parts;
  }

  get disk(): UserDisk {
    return this.#parts.disk;
  }

  // Single steps. Whoever has no folder before them does nothing.

  write(path: string, bytes: Uint8Array): void {
    const { disk, contents, trace, name } = this.#parts;
    const there = disk.find(path);
    if (!disk.isThere() || there?.type === "folder") return;
    if (there?.type === "link") this.remove(path);
    if (parentOf(path) !== "" && disk.find(parentOf(path))?.type !== "folder") return;
    const replaced = there?.type === "file" ? keyOfBytes(disk.read(path)) : undefined;
    const key = keyOfBytes(bytes);
    trace.add(name, `writes ${path} = ${key.slice(0, 6)} (${bytes.length} bytes)`);
    // Before it is written, since whoever watches the disk asks at once.
    contents.born(key, { who: name, path });
    try {
      disk.write(path, bytes);
    } catch (error) {
      contents.stillborn(key);
      throw error;
    }
    if (replaced !== undefined) contents.released(replaced);
  }

  move(from: string, to: string): void {
    const { disk, contents, trace, name } = this.#parts;
    const [moved, there] = [disk.find(from), disk.isSame(from, to) ? undefined : disk.find(to)];
    if (!moved || from === to || isWithin(to, from) || depthOf(to) > maxDepth) return;
    if (there && (there.type === "folder" || moved.type === "folder")) return;
    trace.add(name, `renames ${from} to ${to}`);
    if (there) this.#release(there);
    disk.rename(from, to);
    if (moved.type === "file") contents.put(keyOfBytes(disk.read(to)), { who: name, path: to });
  }

  remove(path: string): void {
    const { disk, trace, name } = this.#parts;
    const doomed = disk.list().filter((entry) => isWithin(entry.path, path));
    for (const entry of doomed) this.#release(entry);
    trace.add(name, `deletes ${path}`);
    for (const entry of doomed.toReversed()) disk.remove(entry.path);
  }

  makeFolder(path: string): void {
    const { disk, trace, name } = this.#parts;
    if (!disk.isThere() || disk.find(path)) return;
    trace.add(name, `makes the folder ${path}`);
    disk.mkdir(path);
  }

  changeMode(path: string): void {
    const { disk, trace, name } = this.#parts;
    trace.add(name, `changes the mode of ${path}`);
    disk.chmod(path, !(disk.find(path)?.executable ?? false));
  }

  changeTime(path: string): void {
    const { disk, trace, name, scheduler } = this.#parts;
    trace.add(name, `changes the time of ${path}`);
    disk.utimes(path, scheduler.nowMs() - this.random.below(100_000_000));
  }

  link(): void {
    const { disk, contents, trace, name } = this.#parts;
    const path = this.place(fileNames);
    const target = `${this.random.pick(fileNames)}-${this.random.below(1000)}`;
    if (!disk.isThere() || disk.find(path)?.type === "folder") return;
    if (disk.find(path)) this.remove(path);
    if (parentOf(path) !== "" && disk.find(parentOf(path))?.type !== "folder") return;
    trace.add(name, `links ${path} -> ${target}`);
    contents.born(keyOfLink(target), { who: name, path });
    try {
      disk.symlink(target, path);
    } catch (error) {
      contents.stillborn(keyOfLink(target));
      throw error;
    }
  }

  #release({ path, type, linkTarget }: DiskEntry): void {
    const { disk, contents } = this.#parts;
    if (type === "file") contents.released(keyOfBytes(disk.read(path)));
    if (type === "link") contents.released(keyOfLink(linkTarget ?? ""));
  }

  // Choices.

  /** All that this person works with. */
  list(): DiskEntry[] {
    const { disk, home } = this.#parts;
    const all = disk.list();
    return home === "" ? all : all.filter(({ path }) => path !== home && isWithin(path, home));
  }

  newContent(): Uint8Array {
    return this.#parts.contents.make(this.random, this.#parts.name);
  }

  /** A synced folder that is suddenly empty is a question to a person, and nothing that one does in passing. */
  isAll(path: string): boolean {
    return this.#parts.disk.list().every((entry) => isWithin(entry.path, path));
  }

  pick(type: DiskEntry["type"]): string | undefined {
    const some = this.list().filter((entry) => entry.type === type);
    return some.length > 0 ? this.random.pick(some).path : undefined;
  }

  async withFile(work: (path: string) => Promise<void> | void): Promise<void> {
    const path = this.pick("file");
    if (path !== undefined) await work(path);
  }

  async withFolder(work: (path: string) => Promise<void> | void): Promise<void> {
    const path = this.pick("folder");
    if (path !== undefined) await work(path);
  }

  async withAny(work: (entry: DiskEntry) => void): Promise<void> {
    const all = this.list();
    if (all.length > 0) work(this.random.pick(all));
  }

  /** An existing folder; often the outermost. */
  folder(): string {
    return this.random.chance(0.4) ? this.outermost() : (this.pick("folder") ?? this.outermost());
  }

  place(names: readonly string[]): string {
    const folder = this.folder();
    return joinPath(depthOf(folder) >= maxDepth - 1 ? this.outermost() : folder, this.random.pick(names));
  }

  pause(maxMs: number): Promise<void> {
    return this.#parts.scheduler.sleep(this.random.float() * maxMs);
  }

  /** The outermost folder in which this person works. */
  outermost(): string {
    const { home } = this.#parts;
    if (home !== "") this.makeFolder(home);
    return home;
  }
}
