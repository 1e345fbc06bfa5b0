import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { ChunkStoreKeyError } from "../chunk-store-errors.ts";
import { writeFileDurably } from "./durable-file.ts";
import { masterKeyBytes } from "./key-wrapping.ts";

const othersMayAccess = 0o077;

/**
 * The master key in a file of 64 hex digits that only its owner may access (mode 0600). With `mayCreate`, a missing file is made
 * with a random key; pass it only when setting up a new store, so that a lost file is an error and not a new key.
 *
 * @throws ChunkStoreKeyError when the file is missing, open to others, or not a key.
 */
export async function openMasterKeyFile(options: {
  readonly path: string;
  readonly mayCreate: boolean;
}): Promise<Uint8Array> {
  const { path, mayCreate } = options;
  const mode = await stat(path).then(
    (found) => found.mode,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
  if (mode === undefined) {
    if (!mayCreate)
      throw new ChunkStoreKeyError(`the master key file ${path} is missing; restore it from where you keep its copy`);
    await writeFileDurably(path, `${randomBytes(masterKeyBytes).toString("hex")}\n`);
  } else if ((mode & othersMayAccess) !== 0) {
    throw new ChunkStoreKeyError(`others may access the master key file ${path}; run: chmod 600 ${path}`);
  }
  const text = (await readFile(path, "latin1")).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new ChunkStoreKeyError(`${path} is not a master key: 64 hex digits`);
  return Buffer.from(text, "hex");
}
