import { hash } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SeededRandom } from "@satchel/testkit";
import { stampedContent } from "./stamped-content.ts";

/** A part of a synced folder that only one device's person works in, and what it must hold. */
export interface OwnFiles {
  /** Its name in the synced folder. */
  readonly name: string;
  /** Does one thing that people do. */
  work(random: SeededRandom): Promise<void>;
  /** Every item below it: a file as `SHA-256` and, if it may be run, ` x`; a folder as `folder`. */
  expected(): ReadonlyMap<string, string>;
  /** Whether this was ever the content of a file here. */
  wasWritten(content: string): boolean;
  /** Takes what is there for what is expected from now on. */
  adopt(shown: ReadonlyMap<string, string>): void;
}

const MAX_FILES = 60;
const FOLDERS = ["", "d0/", "d1/", "d2/", "d0/e0/", "d1/e1/"];
/** Size classes in bytes and how many of a hundred files are of that size at most: small ones travel with commits, large ones in chunks of their own. */
const SIZES = [
  { upToBytes: 4_000, percent: 70 },
  { upToBytes: 60_000, percent: 90 },
  { upToBytes: 900_000, percent: 97 },
  { upToBytes: 5_000_000, percent: 100 },
];

/** Files below `folder/name`. New contents are written in `scratch`, on the same disk, and renamed into place, so that they are whole from the first moment. */
export function ownFiles(options: { folder: string; name: string; scratch: string }): OwnFiles {
  const { folder, name, scratch } = options;
  const items = new Map<string, string>();
  const contents = new Set<string>();
  let drafts = 0;
  const absolute = (path: string): string => join(folder, name, path);
  const files = (): string[] => [...items.keys()].filter((path) => items.get(path) !== "folder");
  const folders = (): string[] => [...items.keys()].filter((path) => items.get(path) === "folder");
  const makeParents = async (path: string): Promise<void> => {
    await mkdir(dirname(absolute(path)), { recursive: true });
    for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) items.set(parent, "folder");
  };

  const write = async (random: SeededRandom): Promise<void> => {
    const all = files();
    const path =
      all.length >= MAX_FILES || (all.length > 0 && random.chance(0.4))
        ? random.pick(all)
        : `${random.pick(FOLDERS)}f${random.below(40)}.bin`;
    if (items.get(path) === "folder") return;
    const content = stampedContent(random, pickSize(random));
    const draft = join(scratch, `draft-${(drafts += 1)}`);
    await writeFile(draft, content);
    await makeParents(path);
    await rename(draft, absolute(path));
    items.set(path, hash("sha256", content));
    contents.add(items.get(path) as string);
  };
  const moveFile = async (random: SeededRandom): Promise<void> => {
    const all = files();
    if (all.length === 0) return;
    const from = random.pick(all);
    const to = `${random.pick(FOLDERS)}m${random.below(20)}.bin`;
    if (to === from) return;
    await makeParents(to);
    await rename(absolute(from), absolute(to));
    items.set(to, items.get(from) as string);
    items.delete(from);
  };
  const moveFolder = async (random: SeededRandom): Promise<void> => {
    const from = folders().length === 0 ? undefined : random.pick(folders());
    const to = `r${random.below(6)}`;
    if (from === undefined || items.has(to)) return;
    await rename(absolute(from), absolute(to));
    for (const path of [...items.keys()].filter((each) => each === from || each.startsWith(`${from}/`))) {
      items.set(to + path.slice(from.length), items.get(path) as string);
      items.delete(path);
    }
  };
  const remove = async (random: SeededRandom): Promise<void> => {
    const victims = random.chance(0.8) ? files() : folders();
    if (victims.length === 0) return;
    const victim = random.pick(victims);
    await rm(absolute(victim), { recursive: true });
    for (const path of items.keys()) if (path === victim || path.startsWith(`${victim}/`)) items.delete(path);
  };
  const toggleMode = async (random: SeededRandom): Promise<void> => {
    const all = files();
    if (all.length === 0) return;
    const path = random.pick(all);
    const [content = "", executable] = (items.get(path) as string).split(" ");
    await chmod(absolute(path), executable === undefined ? 0o755 : 0o644);
    items.set(path, executable === undefined ? `${content} x` : content);
  };

  return {
    name,
    expected: () => new Map([...items].map(([path, item]) => [`${name}/${path}`, item])),
    wasWritten: (content) => contents.has(content.split(" ")[0] as string),
    adopt: (shown) => {
      items.clear();
      for (const [path, item] of shown) items.set(path.slice(name.length + 1), item);
    },
    work: async (random) => {
      const chosen = random.below(100);
      if (chosen < 55) await write(random);
      else if (chosen < 70) await moveFile(random);
      else if (chosen < 80) await remove(random);
      else if (chosen < 90) await moveFolder(random);
      else await toggleMode(random);
    },
  };
}

function pickSize(random: SeededRandom): number {
  const drawn = random.below(100);
  const { upToBytes } = SIZES.find(({ percent }) => drawn < percent) as (typeof SIZES)[number];
  return 1 + random.below(upToBytes);
}
