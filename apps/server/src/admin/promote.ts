import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  abandonMovingStores,
  makeDirectory,
  openMetadata,
  openMovingStores,
  openReadOnlyChunks,
  settleMovedStores,
} from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import type { DataDirectory } from "../data-directory/data-directory.ts";
import { DirectoryInUseError, lockDirectory, type DirectoryLock } from "../data-directory/directory-lock.ts";
import {
  forgetPromotion,
  beginPromotion,
  endPromotion,
  isPromoted,
  isPromoting,
  lockPromotion,
  requireNotPromoted,
} from "../data-directory/promotion-note.ts";
import { requireRestored } from "../data-directory/restore-note.ts";
import { promote, type PromotionReport, type PromotionStep } from "../features/promotion/promote.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import type { S3Place } from "../storage/chunks/s3-setting.ts";

/** How long a look at whether the server was stopped waits for the next one, in milliseconds. */
const restMs = 50;

export type { PromotionReport, PromotionStep };

/**
 * What `satchel admin promote` does: moves an installation on the embedded stores to PostgreSQL and S3, beside its running server, and ends when that was stopped. Undefined where it was moved before.
 * @throws ServerConfigError, DirectoryInUseError, DatabaseInUseError, ChunkStoreError
 */
export async function promoteServer(
  config: ServerConfig,
  onStep: (step: PromotionStep) => void,
): Promise<PromotionReport | undefined> {
  const place = requireTarget(config);
  const target = describeTarget(place);
  const directory = await makeDirectory(config);
  await using open = new AsyncDisposableStack();
  const lock = lockPromotion(directory);
  open.defer(() => lock.release());
  requireRestored(directory);
  if (isPromoted(directory)) {
    if (isPromoting(directory)) await beginPromotion(directory, target);
    await endPromotion(directory, target);
    if (isPromoting(directory)) await settleMovedStores(place.databaseUrl);
    await forgetPromotion(directory);
    return undefined;
  }
  requireEmbedded(directory);
  await beginPromotion(directory, target);
  const stores = await openMovingStores({ ...config, ...place }, open);
  const embedded = { ...config, databaseUrl: undefined, replicaUrl: undefined, blobs: undefined };
  const metadata = await openMetadata(embedded);
  open.defer(() => metadata.close());
  const from = await openReadOnlyChunks(embedded, metadata);
  open.defer(() => from.close());
  let held: DirectoryLock | undefined;
  open.defer(() => held?.release());
  const report = await promote({
    ...stores,
    from,
    tryToHold: () => (held = tryLock(directory)) !== undefined,
    rest: () => sleep(restMs),
    onStep,
  });
  // SQLite would bring the log back that it still has open.
  await stores.closeSource();
  await metadata.close();
  await endPromotion(directory, target);
  // Not before: killed in between, this command could not tell the copy from another server's data.
  await stores.rows.settle();
  held?.release();
  held = undefined;
  await forgetPromotion(directory);
  return report;
}

/** Gives a move up that did not come to its end: the server stays on its stores, and the copy is left to whoever has it. @throws ServerConfigError, DirectoryInUseError */
export async function abandonServerPromotion(config: ServerConfig): Promise<void> {
  const directory = await makeDirectory(config);
  const lock = lockPromotion(directory);
  try {
    requireNotPromoted(directory);
    requireEmbedded(directory);
    await abandonMovingStores(config);
    await forgetPromotion(directory);
  } finally {
    lock.release();
  }
}

function requireEmbedded({ database, path }: DataDirectory): void {
  if (!existsSync(database))
    throw new ServerConfigError(`there is no server on the embedded stores at ${path}: name its directory with --data`);
}

interface Target {
  readonly databaseUrl: string;
  readonly blobs: S3Place;
}

/** @throws ServerConfigError */
function requireTarget({ databaseUrl, blobs }: ServerConfig): Target {
  if (databaseUrl === undefined || blobs === undefined)
    throw new ServerConfigError("name where to: --database postgres://… and --blobs s3://…");
  return { databaseUrl, blobs };
}

/** Without passwords. */
function describeTarget({ databaseUrl, blobs }: Target): string {
  const { host, pathname } = new URL(databaseUrl);
  return `postgres://${host}${pathname} and s3://${blobs.bucket}/${blobs.prefix}`;
}

function tryLock(directory: DataDirectory): DirectoryLock | undefined {
  try {
    return lockDirectory(directory.lock, directory.path);
  } catch (error) {
    if (error instanceof DirectoryInUseError) return undefined;
    throw error;
  }
}
