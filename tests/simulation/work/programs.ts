import { seededRandom } from "@satchel/testkit";
import { fileNames, folderNames, maxDepth, type Hands } from "./hands.ts";
import { depthOf, isWithin, joinPath, nameOf, parentOf } from "./paths.ts";

const burstFiles = 12;
const archiveEntries = 10;

/** Writes a file piece by piece, and is seen half done. */
export async function writeSlowly(hands: Hands): Promise<void> {
  const path = hands.place(fileNames);
  const content = hands.newContent();
  for (const share of [0, 0.3, 0.7, 1]) {
    hands.write(path, content.subarray(0, Math.floor(content.length * share)));
    await hands.pause(60);
  }
}

/** Saves as editors do: beside, and over the old one. */
export async function saveByRename(hands: Hands, path: string): Promise<void> {
  const content = hands.newContent();
  const beside = `${path}.new`;
  hands.write(beside, content);
  await hands.pause(5);
  if (hands.random.chance(0.5)) return hands.move(beside, path);
  // As editors that keep a backup until the new file is there.
  hands.move(path, `${path}~`);
  await hands.pause(5);
  hands.move(beside, path);
  await hands.pause(30);
  hands.remove(`${path}~`);
}

export async function copyFolder(hands: Hands, from: string): Promise<void> {
  const to = joinPath(hands.folder(), hands.random.pick(folderNames));
  if (isWithin(to, from) || depthOf(to) > maxDepth) return;
  const inside = hands.disk.list().filter(({ path }) => isWithin(path, from));
  for (const { path, type } of inside) {
    const copy = to + path.slice(from.length);
    if (type === "folder") hands.makeFolder(copy);
    else if (type === "file" && hands.disk.find(path)?.type === "file") hands.write(copy, hands.disk.read(path));
    if (hands.random.chance(0.2)) await hands.pause(5);
  }
}

/** Many files at once in one folder. */
export async function burst(hands: Hands): Promise<void> {
  const folder = hands.folder();
  for (let n = hands.random.below(burstFiles); n >= 0; n -= 1) {
    if (folder !== "" && hands.disk.find(folder)?.type !== "folder") return;
    hands.write(joinPath(folder, `f${n}`), hands.newContent());
    if (hands.random.chance(0.2)) await hands.pause(3);
  }
}

/** Unpacks an archive: folders in folders, files with the times and modes that they had when they were packed. */
export async function unpack(hands: Hands): Promise<void> {
  const root = joinPath(hands.folder(), hands.random.pick(["pack", ...folderNames]));
  if (depthOf(root) >= maxDepth) return;
  const folders = [root];
  hands.makeFolder(root);
  for (let left = 2 + hands.random.below(archiveEntries); left > 0; left -= 1) {
    const folder = hands.random.pick(folders);
    if (hands.random.chance(0.3) && depthOf(folder) < maxDepth - 1) {
      folders.push(joinPath(folder, hands.random.pick(folderNames)));
      hands.makeFolder(folders.at(-1) ?? root);
    } else {
      const path = joinPath(folder, hands.random.pick(fileNames));
      hands.write(path, hands.newContent());
      if (hands.disk.find(path)?.type === "file") {
        hands.changeTime(path);
        if (hands.random.chance(0.2)) hands.changeMode(path);
      }
    }
    if (hands.random.chance(0.1)) await hands.pause(20);
  }
}

/**
 * Goes to another branch and, often, back, as version control does: files are taken away and new ones put there, others appear and vanish, in one go. What is the same on the way back is the
 * same to the byte, with a new time.
 */
export async function checkOut(hands: Hands): Promise<void> {
  const top = hands.folder();
  const before = hands
    .list()
    .filter(({ path, type }) => type === "file" && (top === "" || isWithin(path, top)))
    .map(({ path }) => ({ path, bytes: hands.disk.read(path) }));
  const touched = before.filter(() => hands.random.chance(0.6));
  const added: string[] = [];
  for (const { path } of touched) {
    if (hands.disk.find(path)?.type !== "file" || hands.isAll(path)) continue;
    hands.remove(path);
    if (hands.random.chance(0.7)) hands.write(path, hands.newContent());
    if (hands.random.chance(0.2)) {
      added.push(joinPath(parentOf(path), `n-${nameOf(path)}`));
      hands.write(added.at(-1) ?? path, hands.newContent());
    }
  }
  if (hands.random.chance(0.4)) return;
  await hands.pause(400);
  for (const path of added) if (hands.disk.find(path)?.type === "file" && !hands.isAll(path)) hands.remove(path);
  for (const { path, bytes } of touched) hands.write(path, bytes);
}

/** Changes nothing of a name but the case of its letters. */
export function changeCase(hands: Hands, path: string): void {
  hands.move(path, joinPath(parentOf(path), otherSpelling(nameOf(path))));
}

/** Renames one file over another, whose name it gives in another spelling. */
export function renameOverSpelling(hands: Hands): void {
  const [one, other] = [hands.pick("file"), hands.pick("file")];
  if (one === undefined || other === undefined || one === other) return;
  hands.move(one, joinPath(parentOf(other), otherSpelling(nameOf(other))));
}

function otherSpelling(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
}

/** Says anew what is left alone, mostly in the outermost folder. */
export function changeIgnoreRules(hands: Hands): void {
  const folder = hands.random.chance(0.8) ? hands.outermost() : hands.folder();
  const patterns = ["c", "f1", "*.md", "y/", "*~", "!b.txt", "/x/a.txt", "n-*"];
  // A line that says which it is, so that no two are equal and each can be followed.
  const mark = `# ${hands.random.uint32()}`;
  const chosen = patterns.filter(() => hands.random.chance(0.25));
  hands.write(joinPath(folder, ".satchelignore"), new TextEncoder().encode([mark, ...chosen, ""].join("\n")));
}

/** Empties the whole folder, and means it. */
export async function emptyAll(hands: Hands): Promise<void> {
  const outermost = hands.list().filter(({ path }) => !path.includes("/"));
  for (const { path } of seededRandom(hands.random.uint32()).shuffle(outermost)) {
    hands.remove(path);
    if (hands.random.chance(0.1)) await hands.pause(20);
  }
}
