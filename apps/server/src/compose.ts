import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { ServerConfig } from "./config/config.ts";
import { dataDirectoryAt, type DataDirectory } from "./data-directory/data-directory.ts";
import { requireNotPromoted } from "./data-directory/promotion-note.ts";
import { ServerConfigError } from "./config/server-config-error.ts";
import { clamdScanner } from "./features/malware/clamd.ts";
import { createRateLimits, type RateLimits } from "./features/rate-limit/rate-limits.ts";
import type { ServerCoreParts } from "./server-core.ts";
import type { Bus } from "./storage/bus/bus.ts";
import type { SharedCache } from "./storage/cache/shared-cache.ts";
import type { RedisEngine } from "./storage/redis/redis-engine.ts";
import { createRedisSharedCache } from "./storage/cache/redis/redis-shared-cache.ts";
import { createInProcessBus } from "./storage/bus/in-process-bus.ts";
import type { BackupStore } from "./storage/backup/backup-store.ts";
import { keyCopyName, openFolderBackupStore } from "./storage/backup/folder/folder-backup-store.ts";
import { ChunkReader } from "./storage/chunks/disk/chunk-reader.ts";
import { openDataKeys } from "./storage/chunks/disk/data-keys.ts";
import { indexFileName, packDirectoryName } from "./storage/chunks/disk/disk-chunk-store.ts";
import { openIndexForReading } from "./storage/chunks/disk/index-database.ts";
import { wrapByMasterKey } from "./storage/chunks/disk/key-wrapping.ts";
import { withCircuitBreaker } from "./storage/chunks/object/guarded-object-store.ts";
import { ObjectChunkStore } from "./storage/chunks/object/object-chunk-store.ts";
import { ObjectStoreError } from "./storage/chunks/object/object-store.ts";
import { openS3ObjectStore } from "./storage/chunks/object/s3-object-store.ts";
import type { S3Place } from "./storage/chunks/s3-setting.ts";
import { withRecentChunks } from "./storage/chunks/recent/with-recent-chunks.ts";
import { ThreadedChunkStore } from "./storage/chunks/thread/threaded-chunk-store.ts";
import type { ChunkStore } from "./storage/chunks/chunk-store.ts";
import { openMasterKey, type KeyPlaces } from "./storage/keys/master-key.ts";
import { keyFileHolder, keyServiceHolder } from "./storage/keys/master-key-holder.ts";
import { createInProcessLimiter } from "./storage/limiter/in-process-limiter.ts";
import { createRedisLimiter } from "./storage/limiter/redis/redis-limiter.ts";
import type { Limiter, Rate } from "./storage/limiter/limiter.ts";
import type { MetadataArchive } from "./storage/metadata/metadata-archive.ts";
import type { MetadataStore } from "./storage/metadata/metadata-store.ts";
import { openPostgresReplica } from "./storage/metadata/postgres/open-postgres-replica.ts";
import type { ReplicaStatistics } from "./storage/metadata/replica-statistics.ts";
import { withReplicaReads } from "./storage/metadata/replica/replica-reads.ts";
import { openPostgresMetadataStore } from "./storage/metadata/postgres/open-postgres-store.ts";
import { endArrival } from "./storage/metadata/promotion/arrival-mark.ts";
import { abandonSqlPromotion, sqlMetadataPromotion } from "./storage/metadata/promotion/sql-metadata-promotion.ts";
import { sqlMetadataArchive } from "./storage/metadata/snapshot/sql-metadata-archive.ts";
import { openPostgresDatabase } from "./storage/metadata/sql/postgres-database.ts";
import { openSqliteDatabase } from "./storage/metadata/sql/sqlite-database.ts";
import { openSqliteMetadataStore } from "./storage/metadata/sqlite/open-sqlite-store.ts";
import { openPostgresSearchIndex } from "./storage/search/postgres/open-postgres-search.ts";
import type { SearchIndex } from "./storage/search/search-index.ts";
import { openSqliteSearchIndex } from "./storage/search/sqlite/open-sqlite-search.ts";

/** How many callers each limit remembers: some 10 MB at the most. */
const maxLimitedCallers = 100_000;

/** Picks the implementations behind the interfaces; the only place that knows them all. */
export async function openMetadata(config: ServerConfig): Promise<MetadataStore> {
  const directory = await makeDirectory(config);
  if (config.databaseUrl !== undefined) {
    const { databaseUrl: url, databaseConnections: poolSize } = config;
    return openPostgresMetadataStore({ url, poolSize, randomBytes });
  }
  requireNotPromoted(directory);
  return openSqliteMetadataStore({ path: directory.database });
}

/** Lets reads go to the database's replica, where there is one. */
export function readFromReplica(
  { replicaUrl, databaseConnections: poolSize }: ServerConfig,
  metadata: MetadataStore,
  undo: (() => Promise<void> | void)[],
): { readonly metadata: MetadataStore; readonly replicaStatistics: (() => ReplicaStatistics) | undefined } {
  if (replicaUrl === undefined) return { metadata, replicaStatistics: undefined };
  const replica = openPostgresReplica({ url: replicaUrl, poolSize });
  undo.push(() => replica.close());
  const { store, statistics } = withReplicaReads(metadata, replica, { nowMs: Date.now });
  return { metadata: store, replicaStatistics: statistics };
}

/** What search finds things by, beside the metadata; texts in it are sealed with the key. */
export async function openSearchIndex(config: ServerConfig, key: Uint8Array): Promise<SearchIndex> {
  const directory = await makeDirectory(config);
  return config.databaseUrl === undefined
    ? openSqliteSearchIndex({ path: directory.searchIndex, key })
    : openPostgresSearchIndex({ url: config.databaseUrl, key });
}

/** All of the metadata at once, in the form of a backup. Beside a running server, or without one. */
export async function openMetadataArchive(config: ServerConfig): Promise<MetadataArchive> {
  const directory = await makeDirectory(config);
  return sqlMetadataArchive(
    config.databaseUrl === undefined
      ? openSqliteDatabase({ path: directory.database })
      : openPostgresDatabase({ url: config.databaseUrl }),
  );
}

/** The embedded metadata on its way to the database and the bucket that the settings name, and those; closed with `open`. */
export async function openMovingStores(
  config: ServerConfig & { readonly databaseUrl: string; readonly blobs: S3Place },
  open: AsyncDisposableStack,
) {
  const source = openSqliteDatabase({ path: (await makeDirectory(config)).database });
  open.defer(() => source.close());
  const target = openPostgresDatabase({ url: config.databaseUrl });
  open.defer(() => target.close());
  const metadata = await openPostgresMetadataStore({ url: config.databaseUrl, randomBytes, mayBeArriving: true });
  open.defer(() => metadata.close());
  const to = await openBucket(config.blobs, metadata);
  open.defer(() => to.close());
  return {
    rows: sqlMetadataPromotion({ source, target }),
    maintenance: metadata.maintenance,
    to,
    closeSource: () => source.close(),
  };
}

/** All has arrived in the database: it is one like any other now. */
export async function settleMovedStores(databaseUrl: string): Promise<void> {
  const target = openPostgresDatabase({ url: databaseUrl });
  try {
    await endArrival(target);
  } finally {
    await target.close();
  }
}

/** The embedded metadata stays where it is. */
export async function abandonMovingStores(config: ServerConfig): Promise<void> {
  const source = openSqliteDatabase({ path: (await makeDirectory(config)).database });
  try {
    await abandonSqlPromotion(source);
  } finally {
    await source.close();
  }
}

/** What looks for malware; undefined where nothing does. */
export function openMalware({ malware }: ServerConfig): ServerCoreParts["malware"] {
  return malware && { scanner: clamdScanner(malware.clamd), maxBytes: malware.maxBytes };
}

/** A backup in a directory, by default under a key that lies with the server's others. @throws BackupError, ChunkStoreError */
export async function openBackup(
  config: ServerConfig,
  place: { readonly directory: string; readonly keyFile?: string | undefined; readonly withKey?: boolean },
  mayCreate: boolean,
): Promise<BackupStore> {
  const { directory, withKey = false } = place;
  const copied = join(directory, keyCopyName);
  const { backupKey } = await makeDirectory(config);
  const keyFile = place.keyFile ?? (!mayCreate && existsSync(copied) ? copied : backupKey);
  return openFolderBackupStore({ directory, keyFile, withKey, mayCreate, now: Date.now });
}

/**
 * The chunks on this machine's disk, or in S3. One process at a time may have those of a disk open: the caller holds the directory's lock.
 * @throws ServerConfigError when the server's chunks are elsewhere than the settings say
 */
export async function openChunks(config: ServerConfig, metadata: Promise<MetadataStore>): Promise<ChunkStore> {
  const directory = await makeDirectory(config);
  if (config.blobs) return withRecentChunks(await openChunksInS3(config.blobs, directory, await metadata));
  // A store without its key is a loss that a new key would hide.
  const masterKey = await openMasterKey(keyPlaces(config), !existsSync(directory.chunks));
  return withRecentChunks(await ThreadedChunkStore.open({ directory: directory.chunks, masterKey, now: Date.now }));
}

/** Reads and writes at once: S3 takes any number of servers. */
async function openChunksInS3(
  place: S3Place,
  directory: DataDirectory,
  metadata: MetadataStore,
): Promise<ObjectChunkStore> {
  if (existsSync(join(directory.chunks, packDirectoryName)))
    throw new ServerConfigError(`this server keeps its chunks in ${directory.chunks}: start it without --blobs`);
  return openBucket(place, metadata);
}

/** @throws ServerConfigError when it can't be used */
async function openBucket(place: S3Place, { places }: MetadataStore): Promise<ObjectChunkStore> {
  const s3 = await openS3ObjectStore(place).catch((error: unknown) => {
    throw error instanceof ObjectStoreError ? new ServerConfigError(error.message) : error;
  });
  const objects = withCircuitBreaker(s3, Date.now);
  return new ObjectChunkStore({ objects, places, now: Date.now });
}

/** @throws ServerConfigError when the chunks are in another bucket than this server's: whatever is read from it would count as lost. [CS52] */
export async function requireOwnChunks(chunks: Pick<ChunkStore, "isOwn">): Promise<void> {
  if ((await chunks.isOwn?.()) === false) throw new ServerConfigError(anotherBucket);
}

const anotherBucket =
  "--blobs: nothing of what this server has stored is in this bucket, so it is another one (or another prefix), or was emptied. Name the right one. If what was in it is lost: `satchel admin check --repair`, with `--from` and a backup if there is one; then the server starts.";

/** @throws ServerConfigError when chunks are in S3, and the settings don't say so: they would look lost */
export async function requireBlobsSetting(config: ServerConfig, { places }: MetadataStore): Promise<void> {
  if (config.blobs) return;
  const [inS3] = await places.list({ after: undefined, limit: 1 });
  if (inS3) throw new ServerConfigError("this server keeps its chunks in S3: name the bucket with --blobs");
}

/** For a look beside a running server: only reads, and needs no lock. Without a store yet, it has nothing. */
export async function openReadOnlyChunks(
  config: ServerConfig,
  metadata: MetadataStore,
): Promise<Pick<ChunkStore, "get" | "list" | "isOwn"> & { close(): Promise<void> }> {
  const directory = dataDirectoryAt(config.dataPath);
  if (config.blobs) return openChunksInS3(config.blobs, directory, metadata);
  await requireBlobsSetting(config, metadata);
  const { chunks: path } = directory;
  const index = join(path, indexFileName);
  if (!existsSync(index))
    return { get: async (hashes) => hashes.map(() => undefined), list: async () => [], close: async () => {} };
  const wrapping = wrapByMasterKey(await openMasterKey(keyPlaces(config), false));
  const keys = await openDataKeys({ directory: path, wrapping, mayCreate: false });
  const database = openIndexForReading(index);
  const reader = new ChunkReader({ database, packDirectory: join(path, packDirectoryName), keys });
  return {
    get: async (hashes) => reader.get(hashes),
    list: async ({ after, limit }) => reader.list(after, limit),
    async close() {
      reader.release();
      database.close();
    },
  };
}

/** What tells the parts of this server, and other servers where there are any, what happened. @throws ServerConfigError when it can't be reached */
export async function openBus(
  { busUrl }: ServerConfig,
  logger: Pick<Logger, "error" | "warn" | "info">,
): Promise<{ readonly bus: Bus; close(): Promise<void> }> {
  const onListenerError = (err: unknown): void => logger.error({ err }, "a listener failed");
  if (busUrl === undefined) return { bus: createInProcessBus({ onListenerError }), close: async () => {} };
  const { openRedisBus } = await import("./storage/bus/redis/redis-bus.ts");
  const bus = await openRedisBus({
    url: busUrl,
    onListenerError,
    onFailure: (err) => logger.warn({ err }, "the bus can't be reached; devices hear of what other servers did later"),
    onRecovery: () => logger.info("the bus can be reached again"),
  }).catch((error: unknown) => {
    throw new ServerConfigError(`--bus: ${error instanceof Error ? error.message : String(error)}`);
  });
  return { bus, close: () => bus.close() };
}

/** What all processes remember together. One that can't be reached is waited for while the server works without it. */
export async function openSharedMemory(
  { cacheUrl }: ServerConfig,
  logger: Pick<Logger, "warn" | "info">,
): Promise<SharedMemory | undefined> {
  if (cacheUrl === undefined) return undefined;
  const { openRedisEngine } = await import("./storage/redis/redis-engine.ts");
  const engine = await openRedisEngine({
    url: cacheUrl,
    nowMs: Date.now,
    onFailure: (err) => logger.warn({ err }, "the cache does not answer; the database is asked instead"),
    onRecovery: () => logger.info("the cache answers again"),
  });
  return { engine, cache: createRedisSharedCache(engine) };
}

export interface SharedMemory {
  readonly engine: RedisEngine;
  readonly cache: SharedCache;
}

/** How often callers may ask: counted by all processes together where they share a memory, else in this one. */
export function openRateLimits({ security: { rates } }: ServerConfig, shared: SharedMemory | undefined): RateLimits {
  const open = (name: string, rate: Rate | undefined): Limiter | undefined => {
    if (!rate) return undefined;
    const bounds = { rate, maxKeys: maxLimitedCallers, nowMs: Date.now };
    const fallback = createInProcessLimiter(bounds);
    return shared ? createRedisLimiter({ ...bounds, engine: shared.engine, name, fallback }) : fallback;
  };
  return createRateLimits({
    address: open("address", rates.address),
    account: open("account", rates.account),
    device: open("device", rates.device),
    signIn: open("sign-in", rates.signIn),
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
