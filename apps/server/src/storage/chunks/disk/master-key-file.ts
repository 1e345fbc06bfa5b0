import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { ChunkStoreKeyError } from "../chunk-store-errors.ts";
import { writeFileDurably } from "../../durable-file.ts";
import { masterKeyBytes } from "./key-wrapping.ts";

const othersMayAccess = 0o077;

/** While a master key is being changed, its file holds the new one and the old one. */
const maxKeys = 2;

/**
 * Master keys from a file that only its owner may access (mode 0600): one of 64 hex digits, or two, one a line.
 *
 * @throws ChunkStoreKeyError when the file is missing, open to others, or holds no keys.
 */
export async function readMasterKeyFile(path: string): Promise<Uint8Array[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new ChunkStoreKeyError(`the master key file ${path} is missing; restore it from where you keep its copy`);
  });
  if ((found.mode & othersMayAccess) !== 0)
    throw new ChunkStoreKeyError(`others may access the master key file ${path}; run: chmod 600 ${path}`);
  const lines = (await readFile(path, "latin1")).trim().split(/\r?\n/);
  if (lines.length > maxKeys || !lines.every((line) => /^[0-9a-f]{64}$/.test(line)))
    throw new ChunkStoreKeyError(`${path} is not a master key: 64 hex digits`);
  return lines.map((line) => Buffer.from(line, "hex"));
}

/** The one key of such a file. With `mayCreate`, a missing file is made with a random key. @throws as {@link readMasterKeyFile} */
export async function openMasterKeyFile({
  path,
  mayCreate,
}: {
  readonly path: string;
  readonly mayCreate: boolean;
}): Promise<Uint8Array> {
  if (mayCreate && !existsSync(path)) await writeFileDurably(path, `${randomBytes(masterKeyBytes).toString("hex")}\n`);
  const [key] = await readMasterKeyFile(path);
  if (!key) throw new ChunkStoreKeyError(`${path} is empty`);
  return key;
}
