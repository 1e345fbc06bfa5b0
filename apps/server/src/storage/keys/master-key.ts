import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { ChunkStoreKeyError } from "../chunks/chunk-store-errors.ts";
import { describeDataKeys, fitsDataKeys, rewrapDataKeys } from "../chunks/disk/data-keys.ts";
import { masterKeyBytes, wrapByMasterKey } from "../chunks/disk/key-wrapping.ts";
import type { MasterKeyHolder } from "./master-key-holder.ts";

/** Where the keys of one chunk store lie. */
export interface KeyPlaces {
  /** The chunk store's directory, with its wrapped data keys. */
  readonly chunks: string;
  /** As the settings have it. */
  readonly holder: MasterKeyHolder;
  /** The key file, also where the settings name a key service: the key may still lie there. */
  readonly file: MasterKeyHolder;
}

export interface KeyStatus {
  readonly keptBy: string;
  /** Of the data keys: how many, and the number of the one for new chunks. */
  readonly dataKeys: number;
  readonly currentDataKey: number;
}

/**
 * The key that wraps the store's data keys. With `mayCreate`, a store without one gets its first.
 * @throws ChunkStoreKeyError, KeyServiceError
 */
export async function openMasterKey({ holder, file, chunks }: KeyPlaces, mayCreate: boolean): Promise<Uint8Array> {
  if (!holder.exists()) {
    if (holder !== file && file.exists())
      throw new ChunkStoreKeyError(
        `the master key still lies in ${file.path}: run \`satchel admin key rotate\` with the same settings to have a new one kept by ${holder.name}`,
      );
    if (!mayCreate)
      throw new ChunkStoreKeyError(
        `the master key file ${holder.path} is missing; restore it from where you keep its copy`,
      );
    await holder.write([randomBytes(masterKeyBytes)]);
  }
  return findFitting(await holder.read(), chunks);
}

/**
 * Makes a new master key and a new data key for new chunks, and wraps all data keys with the new master key. No chunk is encrypted anew. A process may die at any
 * step: until the data keys are rewritten the old key fits, then the new one, and both are kept meanwhile. A running server goes on with the data keys that it has.
 */
export async function rotateMasterKey(places: KeyPlaces): Promise<KeyStatus> {
  const { holder, file, chunks } = places;
  const source = holder.exists() ? holder : file;
  if (!source.exists()) throw new ChunkStoreKeyError(`there is no master key yet: ${source.path} is missing`);
  const old = await findFitting(await source.read(), chunks);
  const fresh = randomBytes(masterKeyBytes);
  await holder.write([fresh, old]);
  await rewrapDataKeys({ directory: chunks, from: wrapByMasterKey(old), to: wrapByMasterKey(fresh) });
  await holder.write([fresh]);
  if (source !== holder) await rm(source.path);
  return readKeyStatus(places);
}

export async function readKeyStatus({ holder, file, chunks }: KeyPlaces): Promise<KeyStatus> {
  const keptBy = holder.exists() ? holder.name : file.exists() ? file.name : "nobody yet";
  return { keptBy, ...(await describeDataKeys(chunks)) };
}

async function findFitting(keys: readonly Uint8Array[], chunks: string): Promise<Uint8Array> {
  for (const key of keys) if (await fitsDataKeys(chunks, wrapByMasterKey(key))) return key;
  const [first] = keys;
  if (!first) throw new ChunkStoreKeyError("there is no master key");
  // Whoever opens the store with it is told that it doesn't fit.
  return first;
}
