import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ChunkStoreKeyError, ChunkStoreNewerError } from "../chunk-store-errors.ts";
import { writeFileDurably } from "../../durable-file.ts";
import type { KeyWrapping } from "./key-wrapping.ts";

/** The keys that chunks are encrypted with, by number. Records name the number of theirs. */
export interface DataKeys {
  /** The number of the key for new records. */
  readonly current: number;
  find(keyNumber: number): Uint8Array | undefined;
  /** @throws ChunkStoreKeyError for a number that the store has no key for. */
  get(keyNumber: number): Uint8Array;
}

const fileName = "data-keys.json";
const formatVersion = 1;
const keyBytes = 32;

/** Checked by hand: this is read in threads, each of which would load a library for it once more. */
interface DataKeyFile {
  readonly version: number;
  readonly keys: readonly { readonly number: number; readonly wrapped: string }[];
}

/**
 * Reads and unwraps the store's data keys; with `mayCreate`, a store that has none gets its first.
 * Losing this file loses every chunk, so it is written once, durably, before the first chunk.
 *
 * @throws ChunkStoreKeyError when the file is missing, damaged, or wrapped by another master key.
 */
export async function openDataKeys(options: {
  directory: string;
  wrapping: KeyWrapping;
  mayCreate: boolean;
}): Promise<DataKeys> {
  const path = join(options.directory, fileName);
  const existing = await readKeyFile(path);
  if (existing) return unwrapKeys(existing, options.wrapping);
  if (!options.mayCreate)
    throw new ChunkStoreKeyError(`${path} is missing, and without it no chunk can be read; restore it from a backup`);
  const number = 1;
  const key = randomBytes(keyBytes);
  const wrapped = await options.wrapping.wrap(key);
  const file: DataKeyFile = {
    version: formatVersion,
    keys: [{ number, wrapped: Buffer.from(wrapped).toString("base64") }],
  };
  await writeFileDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return dataKeys(new Map([[number, key]]));
}

/** Can these data keys be unwrapped so? True where there are none yet. @throws ChunkStoreKeyError for a damaged file */
export async function fitsDataKeys(directory: string, wrapping: KeyWrapping): Promise<boolean> {
  const file = await readKeyFile(join(directory, fileName));
  if (!file) return true;
  return unwrapKeys(file, wrapping).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ChunkStoreKeyError) return false;
      throw error;
    },
  );
}

/** Wraps the data keys anew, and adds one for the chunks to come. Where there are none yet, nothing happens. */
export async function rewrapDataKeys(options: {
  readonly directory: string;
  readonly from: KeyWrapping;
  readonly to: KeyWrapping;
}): Promise<void> {
  const { directory, from, to } = options;
  const path = join(directory, fileName);
  const file = await readKeyFile(path);
  if (!file) return;
  const keys: { number: number; wrapped: string }[] = [];
  const wrap = async (number: number, key: Uint8Array): Promise<void> => {
    keys.push({ number, wrapped: Buffer.from(await to.wrap(key)).toString("base64") });
  };
  for (const { number, wrapped } of file.keys) await wrap(number, await from.unwrap(Buffer.from(wrapped, "base64")));
  await wrap(Math.max(...keys.map(({ number }) => number)) + 1, randomBytes(keyBytes));
  await writeFileDurably(path, `${JSON.stringify({ version: formatVersion, keys }, undefined, 2)}\n`);
}

/** How many data keys there are, and the number of the one for new records; 0 where there are none yet. */
export async function describeDataKeys(directory: string): Promise<{ dataKeys: number; currentDataKey: number }> {
  const numbers = ((await readKeyFile(join(directory, fileName)))?.keys ?? []).map(({ number }) => number);
  return { dataKeys: numbers.length, currentDataKey: Math.max(0, ...numbers) };
}

async function readKeyFile(path: string): Promise<DataKeyFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseKeyFile(path, text);
}

function dataKeys(keys: ReadonlyMap<number, Uint8Array>): DataKeys {
  const find = (keyNumber: number): Uint8Array | undefined => keys.get(keyNumber);
  const get = (keyNumber: number): Uint8Array => {
    const key = find(keyNumber);
    if (key === undefined) throw new ChunkStoreKeyError(`there is no data key ${keyNumber}`);
    return key;
  };
  return { current: Math.max(...keys.keys()), find, get };
}

async function unwrapKeys(file: DataKeyFile, wrapping: KeyWrapping): Promise<DataKeys> {
  const keys = new Map<number, Uint8Array>();
  for (const { number, wrapped } of file.keys) keys.set(number, await wrapping.unwrap(Buffer.from(wrapped, "base64")));
  return dataKeys(keys);
}

function parseKeyFile(path: string, text: string): DataKeyFile {
  const file = parseJson(text);
  if (isObject(file) && Number.isInteger(file["version"]) && Number(file["version"]) > formatVersion)
    throw new ChunkStoreNewerError(path);
  if (isKeyFile(file)) return file;
  throw new ChunkStoreKeyError(`${path} is damaged; restore it from a backup`);
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKeyFile(file: unknown): file is DataKeyFile {
  if (!isObject(file) || !Number.isInteger(file["version"])) return false;
  const { keys } = file;
  return Array.isArray(keys) && keys.length > 0 && keys.every(isWrappedKey);
}

function isWrappedKey(key: unknown): boolean {
  if (!isObject(key)) return false;
  const { number, wrapped } = key;
  return Number.isSafeInteger(number) && Number(number) >= 0 && typeof wrapped === "string" && base64.test(wrapped);
}

const base64 = /^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
