import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  makeDirectory,
  openBackup,
  openChunks,
  openMetadata,
  openMetadataArchive,
  openReadOnlyChunks,
  requireOwnChunks,
} from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { restoreNote } from "../data-directory/restore-note.ts";
import { openSigningKey } from "../data-directory/signing-key-file.ts";
import { backUp, type BackupReport } from "../features/backup/back-up.ts";
import { pruneBackup, type PruneReport } from "../features/backup/prune-backup.ts";
import { restoreBackup, type RestoreReport } from "../features/backup/restore-backup.ts";
import { verifyBackup, type BackupCheck } from "../features/backup/verify-backup.ts";
import { BackupError, type BackupStore } from "../storage/backup/backup-store.ts";
import { systemHost } from "../system-host.ts";

/** What `satchel admin backup`, `restore` and `verify` do. */

/** Which backup, and its key. */
export interface BackupPlace {
  readonly directory: string;
  /** Undefined: with the server's keys; to read, a copy in the backup goes before. */
  readonly keyFile?: string | undefined;
  /** Whether a copy of the key goes into the backup, so that whoever has it can read it. */
  readonly withKey?: boolean;
}

type Progress = (copied: { readonly chunks: number; readonly bytes: number }) => void;

/** Beside a running server, or without one. With `keep`, only that many snapshots stay, the new one among them. @throws ServerConfigError, BackupError, ChunkStoreError, DirectoryInUseError */
export async function backUpServer(
  config: ServerConfig,
  place: BackupPlace & { readonly keep?: number | undefined },
  onProgress?: Progress,
): Promise<BackupReport & { readonly newKeyFile: string | undefined; readonly pruned?: PruneReport }> {
  await using open = new AsyncDisposableStack();
  const { signingKey, backupKey } = await makeDirectory(config);
  const keyFile = place.keyFile ?? backupKey;
  const isNewKey = !existsSync(keyFile);
  await mkdir(place.directory, { recursive: true, mode: 0o700 });
  lockBackup(open, place.directory);
  const metadata = await openMetadata(config);
  open.defer(() => metadata.close());
  const archive = await openMetadataArchive(config);
  open.defer(() => archive.close());
  const chunks = await openReadOnlyChunks(config, metadata);
  open.defer(() => chunks.close());
  await requireOwnChunks(chunks);
  const backup = await openBackup(config, place, true);
  open.defer(() => backup.close());
  const report = await backUp({
    archive,
    maintenance: metadata.maintenance,
    chunks,
    backup,
    signingKey: await openSigningKey(signingKey),
    nowMs: systemHost.nowMs(),
    ...(onProgress && { onProgress }),
  });
  const made = { ...report, newKeyFile: isNewKey ? keyFile : undefined };
  return place.keep === undefined
    ? made
    : { ...made, pruned: await pruneBackup(backup, { keep: place.keep, made: report.snapshot }) };
}

/** Into the empty server that the settings name, which must not run. @throws BackupError, SealBrokenError, ChunkStoreError, DirectoryInUseError */
export async function restoreServer(
  config: ServerConfig,
  place: BackupPlace & { readonly snapshot?: string | undefined },
  onProgress?: Progress,
): Promise<RestoreReport> {
  await using open = new AsyncDisposableStack();
  const directory = await makeDirectory(config);
  const lock = lockDirectory(directory.lock, directory.path);
  open.defer(() => lock.release());
  const backup = await openExistingBackup(config, place, open);
  const archive = await openMetadataArchive(config);
  open.defer(() => archive.close());
  // Awaited here: what is open closes when this returns.
  return await restoreBackup({
    backup,
    snapshot: place.snapshot,
    archive,
    openStores: async () => {
      const metadata = await openMetadata(config);
      open.defer(() => metadata.close());
      const chunks = await openChunks(config, Promise.resolve(metadata));
      open.defer(() => chunks.close());
      return { chunks, maintenance: metadata.maintenance };
    },
    note: restoreNote(directory),
    ...(onProgress && { onProgress }),
  });
}

/** Reads a whole backup, and changes nothing. @throws BackupError, ChunkStoreError, DirectoryInUseError */
export async function verifyServerBackup(config: ServerConfig, place: BackupPlace): Promise<BackupCheck> {
  await using open = new AsyncDisposableStack();
  return await verifyBackup(await openExistingBackup(config, place, open));
}

/** An existing backup, which is this process's until `open` is closed. @throws BackupError, DirectoryInUseError */
export async function openExistingBackup(
  config: ServerConfig,
  place: BackupPlace,
  open: AsyncDisposableStack,
): Promise<BackupStore> {
  if (!existsSync(place.directory)) throw new BackupError(`there is no backup in ${place.directory}`);
  lockBackup(open, place.directory);
  const backup = await openBackup(config, place, false);
  open.defer(() => backup.close());
  return backup;
}

function lockBackup(open: AsyncDisposableStack, directory: string): void {
  const lock = lockDirectory(join(directory, "lock"), directory);
  open.defer(() => lock.release());
}
