import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { signingKeyBytes } from "../features/identity/server-keys.ts";
import { syncDirectory } from "../storage/durable-file.ts";

/**
 * The key that signs tokens and addresses, 64 hex digits in a file that only its owner may read; made when it is missing. Losing it only signs every device out.
 * Processes that share the directory may ask at once: all get the key of the first to make the file. Where the file is there, its directory need not be writable.
 */
export async function openSigningKey(path: string): Promise<Uint8Array> {
  const text = (await readIfThere(path)) ?? (await make(path));
  if (!/^[0-9a-f]{64}$/.test(text.trim()))
    throw new Error(
      `${path} is not a signing key: 64 hex digits; remove it to get a new one, which signs every device out`,
    );
  return Uint8Array.fromHex(text.trim());
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "latin1").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** The name is given to a file that is whole and on the disk: neither a crash nor another process finds half a key under it. */
async function make(path: string): Promise<string> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.new`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(signingKeyBytes).toString("hex")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return;
      // Some disks have no links (FAT, some network shares).
      if (error.code === "EPERM" || error.code === "ENOTSUP") return rename(temporary, path);
      throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return readFile(path, "latin1");
}
