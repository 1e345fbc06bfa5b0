import { existsSync } from "node:fs";
import { openExistingBackup, type BackupPlace } from "./backup.ts";
import {
  makeDirectory,
  openChunks,
  openMetadata,
  openReadOnlyChunks,
  requireBlobsSetting,
  requireOwnChunks,
} from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import { dataDirectoryAt } from "../data-directory/data-directory.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { findChunkFault } from "../features/chunks/find-chunk-fault.ts";
import { checkStores, type RepairChunk, type StoreCheck } from "../features/operations/check-stores.ts";
import type { BackupStore } from "../storage/backup/backup-store.ts";
import type { ChunkStore } from "../storage/chunks/chunk-store.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { openKeys } from "../start/open-audit.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import { systemHost } from "../system-host.ts";

/**
 * Looks at everything stored. Changes nothing, unless told to `repair`: then chunks that are damaged or lost are noted, for a running server to read another copy or to have them brought by devices.
 * @throws ServerConfigError where nothing was ever stored, or, unless told to `repair`, in another bucket
 */
export async function checkStore(config: ServerConfig, { repair = false } = {}): Promise<StoreCheck> {
  await using open = new AsyncDisposableStack();
  const metadata = await openStored(config, open);
  const chunks = await openReadOnlyChunks(config, metadata);
  open.defer(() => chunks.close());
  if (!repair) await requireOwnChunks(chunks);
  return await check(config, { metadata, chunks }, repair ? noteIn(metadata) : undefined);
}

/**
 * The same, and puts what is damaged or lost and in the backup in its place; what isn't there is noted. Where chunks are on this machine's disk, the server must not run.
 * @throws ServerConfigError where nothing was ever stored; DirectoryInUseError, BackupError, ChunkStoreError
 */
export async function repairFromBackup(config: ServerConfig, place: BackupPlace): Promise<StoreCheck> {
  await using open = new AsyncDisposableStack();
  requireStored(config);
  if (!config.blobs) {
    const { lock: path } = await makeDirectory(config);
    const lock = lockDirectory(path, config.dataPath);
    open.defer(() => lock.release());
  }
  const backup = await openExistingBackup(config, place, open);
  const metadata = await openStored(config, open);
  // Else all that is in S3 would be put on this disk, and the server would not start with both.
  await requireBlobsSetting(config, metadata);
  const chunks = await openChunks(config, Promise.resolve(metadata));
  open.defer(() => chunks.close());
  return await check(config, { metadata, chunks }, bringFrom(backup, { chunks, note: noteIn(metadata) }));
}

async function check(
  config: ServerConfig,
  { metadata, chunks }: { readonly metadata: MetadataStore; readonly chunks: Pick<ChunkStore, "get"> },
  repair: RepairChunk | undefined,
): Promise<StoreCheck> {
  const { audit: key } = await openKeys(config);
  const audit = { store: metadata.audit, key };
  return await checkStores({ metadata, chunks, audit, ...(repair && { repair }) });
}

function noteIn({ scrub }: MetadataStore): RepairChunk {
  return async (chunk) => {
    await scrub.addDamaged([chunk], systemHost.nowMs());
    return false;
  };
}

/** The store takes only bytes that have the chunk's hash, whatever the backup says. */
function bringFrom(
  backup: BackupStore,
  { chunks, note }: { readonly chunks: ChunkStore; readonly note: RepairChunk },
): RepairChunk {
  return async (chunk) => {
    const { hash, sizeBytes } = chunk;
    if ((await findChunkFault(backup.chunks, { hash, sizeBytes })) !== undefined) return note(chunk);
    const [bytes] = await backup.chunks.get([hash]);
    if (!bytes) return note(chunk);
    await chunks.put([{ hash, bytes }]);
    return (await findChunkFault(chunks, { hash, sizeBytes })) === undefined || note(chunk);
  };
}

async function openStored(config: ServerConfig, open: AsyncDisposableStack): Promise<MetadataStore> {
  requireStored(config);
  const metadata = await openMetadata(config);
  open.defer(() => metadata.close());
  return metadata;
}

function requireStored(config: ServerConfig): void {
  const { database } = dataDirectoryAt(config.dataPath);
  if (config.databaseUrl === undefined && !existsSync(database))
    throw new ServerConfigError(`there is no server's data at ${config.dataPath}: name its directory with --data`);
}
