import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ServerConfig } from "./config.ts";
import { dataDirectoryAt, type DataDirectory } from "./data-directory/data-directory.ts";
import { createRateLimits, type RateLimits } from "./features/rate-limit/rate-limits.ts";
import type { ReadableChunks } from "./features/operations/check-stores.ts";
import { ChunkReader } from "./storage/chunks/disk/chunk-reader.ts";
import { openDataKeys } from "./storage/chunks/disk/data-keys.ts";
import { indexFileName, packDirectoryName } from "./storage/chunks/disk/disk-chunk-store.ts";
import { openIndexForReading } from "./storage/chunks/disk/index-database.ts";
import { wrapByMasterKey } from "./storage/chunks/disk/key-wrapping.ts";
import { ThreadedChunkStore } from "./storage/chunks/thread/threaded-chunk-store.ts";
import type { ChunkStore } from "./storage/chunks/chunk-store.ts";
import { openMasterKey, type KeyPlaces } from "./storage/keys/master-key.ts";
import { keyFileHolder, keyServiceHolder } from "./storage/keys/master-key-holder.ts";
import { createInProcessLimiter } from "./storage/limiter/in-process-limiter.ts";
import type { Limiter, Rate } from "./storage/limiter/limiter.ts";
import type { MetadataStore } from "./storage/metadata/metadata-store.ts";
import { openPostgresMetadataStore } from "./storage/metadata/postgres/open-postgres-store.ts";
import { openSqliteMetadataStore } from "./storage/metadata/sqlite/open-sqlite-store.ts";

/** How many callers each limit remembers: some 10 MB at the most. */
const maxLimitedCallers = 100_000;

/** Picks the implementations behind the interfaces; the only place that knows them all. */
export async function openMetadata(config: ServerConfig): Promise<MetadataStore> {
  const directory = await makeDirectory(config);
  return config.databaseUrl === undefined
    ? openSqliteMetadataStore({ path: directory.database })
    : openPostgresMetadataStore({ url: config.databaseUrl, randomBytes });
}

/** One process at a time may have it open: the caller holds the directory's lock. */
export async function openChunks(config: ServerConfig): Promise<ChunkStore> {
  const directory = await makeDirectory(config);
  // A store without its key is a loss that a new key would hide.
  const masterKey = await openMasterKey(keyPlaces(config), !existsSync(directory.chunks));
  return ThreadedChunkStore.open({ directory: directory.chunks, masterKey, now: Date.now });
}

/** For a look beside a running server: only reads, and needs no lock. Without a store yet, it has nothing. */
export async function openReadOnlyChunks(config: ServerConfig): Promise<ReadableChunks & { close(): Promise<void> }> {
  const { chunks: path } = dataDirectoryAt(config.dataPath);
  const index = join(path, indexFileName);
  if (!existsSync(index)) return { get: async (hashes) => hashes.map(() => undefined), close: async () => {} };
  const wrapping = wrapByMasterKey(await openMasterKey(keyPlaces(config), false));
  const keys = await openDataKeys({ directory: path, wrapping, mayCreate: false });
  const database = openIndexForReading(index);
  const reader = new ChunkReader({ database, packDirectory: join(path, packDirectoryName), keys });
  return {
    get: async (hashes) => reader.get(hashes),
    async close() {
      reader.release();
      database.close();
    },
  };
}

/** How often callers may ask, counted in this process. */
export function openRateLimits({ security: { rates } }: ServerConfig): RateLimits {
  const open = (rate: Rate | undefined): Limiter | undefined =>
    rate && createInProcessLimiter({ rate, maxKeys: maxLimitedCallers, nowMs: Date.now });
  return createRateLimits({
    address: open(rates.address),
    account: open(rates.account),
    device: open(rates.device),
    signIn: open(rates.signIn),
  });
}

/** Where the keys lie and who keeps the master key, by the settings. */
export function keyPlaces({ dataPath, keysPath, keyService }: ServerConfig): KeyPlaces {
  const { chunks, masterKey, wrappedMasterKey } = dataDirectoryAt(dataPath, keysPath);
  const file = keyFileHolder(masterKey);
  return { chunks, file, holder: keyService ? keyServiceHolder(wrappedMasterKey, keyService) : file };
}

/** Only its owner may look inside. */
export async function makeDirectory(config: ServerConfig): Promise<DataDirectory> {
  const directory = dataDirectoryAt(config.dataPath, config.keysPath);
  for (const path of [directory.path, directory.keys]) await mkdir(path, { recursive: true, mode: 0o700 });
  return directory;
}
