import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { MadeFile } from "../data/generate.ts";

/** Whether B shows what it should; cheap enough to be asked a thousand times a second. */
export type Expectation = () => boolean;

/** All files are there with their sizes. What was seen once is not looked at again. */
export function filesShown(folder: string, files: readonly MadeFile[]): Expectation {
  return inOrder(files, ({ path, sizeBytes }) => findStats(join(folder, path))?.size === sizeBytes);
}

/** None of the files is there any more. */
export function filesGone(folder: string, files: readonly MadeFile[]): Expectation {
  return inOrder(files, ({ path }) => findStats(join(folder, path)) === undefined);
}

/** A file has that size, and these bytes at that place. */
export function bytesShown(path: string, expected: { sizeBytes: number; offset: number; bytes: Buffer }): Expectation {
  const seen = Buffer.alloc(expected.bytes.length);
  return () => {
    if (findStats(path)?.size !== expected.sizeBytes) return false;
    try {
      const file = openSync(path, "r");
      const length = readSync(file, seen, 0, seen.length, expected.offset);
      closeSync(file);
      return length === seen.length && seen.equals(expected.bytes);
    } catch {
      return false;
    }
  };
}

/** Both hold. */
export function both(one: Expectation, other: Expectation): Expectation {
  return () => one() && other();
}

/** Looks on from the first item that was not right yet, so that a wait of any length looks at each item about once. */
function inOrder<T>(items: readonly T[], isRight: (item: T) => boolean): Expectation {
  let next = 0;
  return () => {
    while (next < items.length && isRight(items[next] as T)) next += 1;
    return next === items.length;
  };
}

function findStats(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
