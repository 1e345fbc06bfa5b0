import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 4 * 1024 * 1024;

/** The first difference between two folders in names, types or bytes, as a sentence; undefined if there is none. */
export function firstDifference(one: string, other: string, without: readonly string[]): string | undefined {
  const names = (folder: string): string[] =>
    readdirSync(folder)
      .filter((name) => !without.includes(name))
      .toSorted();
  const [mine, theirs] = [names(one), names(other)];
  const odd = mine.find((name) => !theirs.includes(name)) ?? theirs.find((name) => !mine.includes(name));
  if (odd !== undefined) return `${join(one, odd)} is only on one side`;
  for (const name of mine) {
    const difference = itemDifference(join(one, name), join(other, name));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function itemDifference(one: string, other: string): string | undefined {
  const [mine, theirs] = [lstatSync(one), lstatSync(other)];
  if (mine.isDirectory() && theirs.isDirectory()) return firstDifference(one, other, []);
  if (!mine.isFile() || !theirs.isFile()) return `${one} differs in its type`;
  if (mine.size !== theirs.size) return `${one} differs in its size`;
  const equal = mine.size <= BLOCK_BYTES ? readFileSync(one).equals(readFileSync(other)) : sameBigFiles(one, other);
  return equal ? undefined : `${one} differs in its bytes`;
}

function sameBigFiles(one: string, other: string): boolean {
  const files = [openSync(one, "r"), openSync(other, "r")] as const;
  const buffers = [Buffer.alloc(BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)] as const;
  try {
    for (;;) {
      const mine = readSync(files[0], buffers[0]);
      const theirs = readSync(files[1], buffers[1]);
      if (mine !== theirs || !buffers[0].subarray(0, mine).equals(buffers[1].subarray(0, theirs))) return false;
      if (mine === 0) return true;
    }
  } finally {
    files.forEach((file) => closeSync(file));
  }
}
