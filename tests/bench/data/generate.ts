import { createCipheriv, createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "@satchel/testkit";

/** A file that was made, relative to the folder that it was made in. */
export interface MadeFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A source of bytes that nothing compresses, the same for one seed: AES in counter mode, over 1 GB/s. */
export function incompressible(seed: string): (sizeBytes: number) => Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return (sizeBytes) => cipher.update(Buffer.alloc(sizeBytes));
}

/** What a tree of files looks like. */
export interface TreeShape {
  readonly topFolders: number;
  readonly foldersInEach: number;
  readonly filesInEach: number;
  /** Of each file, in order. */
  readonly sizes: readonly number[];
  readonly seed: string;
}

/** Makes `top-0/folder-0/file-0.dat` and so on, and returns the files in the order of their paths' numbers. */
export function makeTree(folder: string, shape: TreeShape): MadeFile[] {
  const next = incompressible(shape.seed);
  const made: MadeFile[] = [];
  for (let top = 0; top < shape.topFolders; top += 1) {
    for (let inner = 0; inner < shape.foldersInEach; inner += 1) {
      const below = `top-${top}/folder-${inner}`;
      mkdirSync(join(folder, below), { recursive: true });
      for (let index = 0; index < shape.filesInEach; index += 1) {
        const sizeBytes = shape.sizes[made.length] as number;
        const path = `${below}/file-${index}.dat`;
        writeFileSync(join(folder, path), next(sizeBytes));
        made.push({ path, sizeBytes });
      }
    }
  }
  return made;
}

/** Sizes as in folders that people have: most files small, a few large (log-normal, sigma 1.6), with an exact sum. */
export function realisticSizes(count: number, sumBytes: number, seed: string): number[] {
  const random = seededRandom(seed);
  const raw = Array.from({ length: count }, () => Math.exp(1.6 * standardNormal(random.float(), random.float())));
  const factor = sumBytes / raw.reduce((sum, size) => sum + size, 0);
  const sizes = raw.map((size) => Math.max(1, Math.floor(size * factor)));
  const rest = sumBytes - sizes.reduce((sum, size) => sum + size, 0);
  sizes[0] = Math.max(1, (sizes[0] as number) + rest);
  return sizes;
}

/** From 100 to 1,999 bytes, each size equally likely. */
export function tinySizes(count: number, seed: string): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 100 + random.below(1900));
}

/** Box and Muller's transform of two uniform draws. */
function standardNormal(one: number, other: number): number {
  return Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other);
}
