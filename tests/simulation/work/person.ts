import { seededRandom } from "@satchel/testkit";
import { fileNames, folderNames, Hands, maxDepth, type HandsParts } from "./hands.ts";
import type { WorkKind } from "./operations.ts";
import { depthOf, isWithin, joinPath, nameOf, parentOf } from "./paths.ts";
import {
  burst,
  changeCase,
  changeIgnoreRules,
  checkOut,
  copyFolder,
  emptyAll,
  renameOverSpelling,
  saveByRename,
  unpack,
  writeSlowly,
} from "./programs.ts";

/** Someone at a device, who changes the folder as people and their programs do, and of whose doings the books are kept. */
export class Person {
  readonly #parts: HandsParts;
  readonly #hands: Hands;

  constructor(parts: HandsParts) {
    this.#parts = parts;
    this.#hands = new Hands(parts);
  }

  /** Does one thing; some take a while, in which the world goes on. What finds nothing to be done to is left. */
  async work(kind: WorkKind, draw: number): Promise<void> {
    this.#hands.random = seededRandom(draw);
    await this.#try(() => does[kind](this.#hands));
  }

  /** Writes something else where the engine is about to put what it fetched. */
  async editAt(path: string, draw: number): Promise<void> {
    this.#hands.random = seededRandom(draw);
    await this.#try(() => this.#hands.write(path, this.#hands.newContent()));
  }

  /** Says that the folder was emptied on purpose, as the engine's question asks. */
  confirmEmptied(): void {
    this.#hands.write("meant", this.#hands.newContent());
  }

  /** Gives what is in the way another name, as the engine's issue asks. */
  giveWay(path: string): void {
    const { disk } = this.#parts;
    for (let nth = 1; disk.find(path); nth += 1) {
      // Nobody moves anything that deep: it goes to the top.
      const folder = depthOf(path) > maxDepth ? "" : parentOf(path);
      const name = joinPath(folder, `out of the way ${nth}`);
      if (!disk.find(name)) return this.#hands.move(path, name);
    }
  }

  async #try(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Between two steps the engine may have changed what the second one is about; or the disk is full.
      if (!this.#parts.disk.isRefusal(error)) throw error;
      this.#parts.trace.add(this.#parts.name, `gives up: ${(error as Error).message}`);
    }
  }
}

const does: Record<WorkKind, (hands: Hands) => Promise<void> | void> = {
  create: (hands) => hands.write(hands.place(fileNames), hands.newContent()),
  overwrite: (hands) => hands.withFile((path) => hands.write(path, hands.newContent())),
  append: (hands) => hands.withFile((path) => hands.write(path, joined(hands.disk.read(path), hands.newContent()))),
  truncate: (hands) =>
    hands.withFile((path) => hands.write(path, hands.disk.read(path).subarray(0, hands.random.below(20)))),
  write_slowly: writeSlowly,
  save_by_rename: (hands) => hands.withFile((path) => saveByRename(hands, path)),
  swap,
  file_to_folder: fileToFolder,
  folder_to_file: folderToFile,
  rename: (hands) =>
    hands.withAny(({ path, type }) =>
      hands.move(path, joinPath(parentOf(path), hands.random.pick(type === "folder" ? folderNames : fileNames))),
    ),
  move_file: (hands) => hands.withFile((path) => moveElsewhere(hands, path, { names: fileNames, keepsName: 0.7 })),
  move_folder: (hands) =>
    hands.withFolder((path) => moveElsewhere(hands, path, { names: folderNames, keepsName: 0.6 })),
  move_folder_and_edit: moveFolderAndEdit,
  remove: (hands) => hands.withFile((path) => (hands.isAll(path) ? undefined : hands.remove(path))),
  remove_folder: (hands) => hands.withFolder((path) => (hands.isAll(path) ? undefined : hands.remove(path))),
  recreate,
  copy_file: (hands) => hands.withFile((path) => hands.write(hands.place(fileNames), hands.disk.read(path))),
  copy_folder: (hands) => hands.withFolder((path) => copyFolder(hands, path)),
  change_mode: (hands) => hands.withFile((path) => hands.changeMode(path)),
  change_time: (hands) => hands.withFile((path) => hands.changeTime(path)),
  link: (hands) => hands.link(),
  make_folder: (hands) => hands.makeFolder(hands.place(folderNames)),
  burst,
  unpack,
  check_out: checkOut,
  change_case: (hands) => hands.withAny(({ path }) => changeCase(hands, path)),
  change_ignore: changeIgnoreRules,
  empty_all: emptyAll,
  rename_over_spelling: renameOverSpelling,
};

function moveElsewhere(
  hands: Hands,
  path: string,
  { names, keepsName }: { names: readonly string[]; keepsName: number },
): void {
  hands.move(path, joinPath(hands.folder(), hands.random.chance(keepsName) ? nameOf(path) : hands.random.pick(names)));
}

async function swap(hands: Hands): Promise<void> {
  const all = hands.list();
  if (all.length < 2) return;
  const one = hands.random.pick(all).path;
  const other = hands.random.pick(all).path;
  if (isWithin(one, other) || isWithin(other, one)) return;
  const aside = joinPath(parentOf(one), "aside");
  hands.move(one, aside);
  if (hands.random.chance(0.3)) await hands.pause(40);
  hands.move(other, one);
  if (hands.random.chance(0.3)) await hands.pause(40);
  hands.move(aside, other);
}

async function fileToFolder(hands: Hands): Promise<void> {
  const path = hands.pick("file");
  if (path === undefined || hands.isAll(path)) return;
  hands.remove(path);
  await hands.pause(10);
  hands.makeFolder(path);
  hands.write(joinPath(path, hands.random.pick(fileNames)), hands.newContent());
}

async function folderToFile(hands: Hands): Promise<void> {
  const path = hands.pick("folder");
  if (path === undefined || hands.isAll(path)) return;
  hands.remove(path);
  await hands.pause(10);
  hands.write(path, hands.newContent());
}

async function moveFolderAndEdit(hands: Hands): Promise<void> {
  const folder = hands.pick("folder");
  if (folder === undefined) return;
  const to = joinPath(hands.folder(), hands.random.pick(folderNames));
  const inside = hands.disk
    .list()
    .filter(({ path, type }) => type === "file" && isWithin(path, folder) && path !== folder);
  const file = inside.length > 0 ? hands.random.pick(inside).path : joinPath(folder, hands.random.pick(fileNames));
  hands.write(file, hands.newContent());
  await hands.pause(10);
  hands.move(folder, to);
  await hands.pause(10);
  const moved = to + file.slice(folder.length);
  if (hands.disk.find(moved)?.type === "file") hands.write(moved, hands.newContent());
}

async function recreate(hands: Hands): Promise<void> {
  const path = hands.pick("file");
  if (path === undefined || hands.isAll(path)) return;
  const again = hands.random.chance(0.3) ? hands.disk.read(path) : hands.newContent();
  hands.remove(path);
  await hands.pause(50);
  hands.write(path, again);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
