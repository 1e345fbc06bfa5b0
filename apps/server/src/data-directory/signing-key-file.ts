import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { signingKeyBytes } from "../features/identity/server-keys.ts";

/**
 * The key that signs tokens and addresses, 64 hex digits in a file that only its owner may read; made when it is missing. Losing it only signs every device out.
 * Two processes may ask at once: the first to make the file wins.
 */
export async function openSigningKey(path: string): Promise<Uint8Array> {
  await create(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const text = (await readFile(path, "latin1")).trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Error(
      `${path} is not a signing key: 64 hex digits; remove it to get a new one, which signs every device out`,
    );
  return Uint8Array.fromHex(text);
}

async function create(path: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(signingKeyBytes).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
