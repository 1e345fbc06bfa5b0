import { createCipheriv, createHash } from "node:crypto";
import { open } from "node:fs/promises";

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Writes a file that nothing compresses, the same for one seed. */
export async function makeBigFile(path: string, sizeBytes: number, seed: string): Promise<void> {
  const cipher = createCipheriv("aes-256-ctr", createHash("sha256").update(seed).digest(), Buffer.alloc(16));
  await using file = await open(path, "w");
  for (let left = sizeBytes; left > 0; left -= BLOCK_BYTES) {
    await file.write(cipher.update(Buffer.alloc(Math.min(left, BLOCK_BYTES))));
  }
}
