import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ChunkStoreKeyError } from "../chunks/chunk-store-errors.ts";
import { writeFileDurably } from "../durable-file.ts";
import { masterKeyBytes } from "../chunks/disk/key-wrapping.ts";
import { readMasterKeyFile } from "../chunks/disk/master-key-file.ts";
import type { KeyService } from "./key-service.ts";

/** Where the master key is kept. While it is being changed there are two, the new one first: whichever fits the data keys is the one. */
export interface MasterKeyHolder {
  /** For people. */
  readonly name: string;
  readonly path: string;
  exists(): boolean;
  /** @throws ChunkStoreKeyError, KeyServiceError */
  read(): Promise<Uint8Array[]>;
  write(keys: readonly Uint8Array[]): Promise<void>;
}

/** In a file of its own: whoever has the file has the key. */
export function keyFileHolder(path: string): MasterKeyHolder {
  return {
    name: `the key file ${path}`,
    path,
    exists: () => existsSync(path),
    read: () => readMasterKeyFile(path),
    write: (keys) => writeFileDurably(path, keys.map((key) => `${Buffer.from(key).toString("hex")}\n`).join("")),
  };
}

const wrappedSchema = z.object({
  version: z.literal(1),
  wrappedBy: z.string(),
  keys: z.array(z.string()).min(1).max(2),
});

/** In a file that holds it encrypted by a key service: the file alone is of no use. */
export function keyServiceHolder(path: string, service: KeyService): MasterKeyHolder {
  return {
    name: service.name,
    path,
    exists: () => existsSync(path),
    async read() {
      const keys: Uint8Array[] = [];
      for (const wrapped of parseWrapped(path, await readFile(path, "utf8")).keys) {
        const key = await service.unwrap(wrapped);
        if (key.length !== masterKeyBytes) throw new ChunkStoreKeyError(`${service.name} gave what is no master key`);
        keys.push(key);
      }
      return keys;
    },
    async write(keys) {
      const wrapped: string[] = [];
      for (const key of keys) wrapped.push(await service.wrap(key));
      const file = { version: 1, wrappedBy: service.name, keys: wrapped };
      await writeFileDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
    },
  };
}

function parseWrapped(path: string, text: string): z.output<typeof wrappedSchema> {
  try {
    return wrappedSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ChunkStoreKeyError(`${path} is damaged; restore it from a backup`, error);
  }
}
