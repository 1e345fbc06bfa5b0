import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerConfigError } from "../config/server-config-error.ts";
import { syncDirectory, writeFileDurably } from "../storage/durable-file.ts";
import type { DataDirectory } from "./data-directory.ts";
import { DirectoryInUseError, lockDirectory, type DirectoryLock } from "./directory-lock.ts";

/** How long a server that is to go on elsewhere waits for the move's end, in milliseconds, and how often it looks. */
const maxWaitMs = 120_000;
const lookEveryMs = 25;

/** One move at a time: another one's look at an older instant would undo what this one has brought since. @throws DirectoryInUseError */
export function lockPromotion({ promotionLock, path }: DataDirectory): DirectoryLock {
  try {
    return lockDirectory(promotionLock, path);
  } catch (cause) {
    if (!(cause instanceof DirectoryInUseError)) throw cause;
    throw new DirectoryInUseError(
      `another \`satchel admin promote\` is moving ${path}: let it go on, or end it first`,
      {
        cause,
      },
    );
  }
}

/** Notes that the directory's data moves to other stores. @throws ServerConfigError when it was on its way to others */
export async function beginPromotion({ promoting }: DataDirectory, target: string): Promise<void> {
  const begun = existsSync(promoting) ? (JSON.parse(await readFile(promoting, "utf8")) as { to: string }) : undefined;
  if (begun && begun.to !== target)
    throw new ServerConfigError(
      `this server is on its way to ${begun.to}: name that, or give it up with \`satchel admin promote --abandon\``,
    );
  await writeFileDurably(promoting, `${JSON.stringify({ to: target })}\n`);
}

/** Nothing is on its way any more, since it arrived or was given up; whoever waits goes on, and has to find the directory free. */
export async function forgetPromotion({ promoting, path }: DataDirectory): Promise<void> {
  await rm(promoting, { force: true });
  await syncDirectory(path);
}

/**
 * The moment from which the data is elsewhere. What was here is put aside, so that no server takes it for its own; it may be removed by whoever has seen the new one work. Killed between the steps, it is called again.
 */
export async function endPromotion(directory: DataDirectory, target: string): Promise<void> {
  const { promoted, path, beforePromotion } = directory;
  if (!existsSync(promoted)) await writeFileDurably(promoted, `${JSON.stringify({ to: target })}\n`);
  await mkdir(beforePromotion, { recursive: true, mode: 0o700 });
  // The log goes along before its database: without it, that would lack what was written last.
  for (const suffix of ["-wal", "-shm", ""]) await putAside(`${directory.database}${suffix}`, beforePromotion);
  await putAside(directory.chunks, beforePromotion);
  for (const suffix of ["-wal", "-shm", ""]) await rm(`${directory.searchIndex}${suffix}`, { force: true });
  await syncDirectory(path);
}

async function putAside(path: string, folder: string): Promise<void> {
  if (existsSync(path)) await rename(path, join(folder, basename(path)));
}

/** Whether a move is on its way, or has arrived and not been settled. */
export function isPromoting({ promoting }: DataDirectory): boolean {
  return existsSync(promoting);
}

/** Whether the move is through but for putting aside what was here. */
export function isPromoted({ promoted }: DataDirectory): boolean {
  return existsSync(promoted);
}

/** For a server on the new stores: waits until all has arrived there. @throws ServerConfigError when it doesn't */
export async function waitForPromotion({ promoting }: DataDirectory, onWait: () => void): Promise<void> {
  const untilMs = performance.now() + maxWaitMs;
  if (existsSync(promoting)) onWait();
  while (existsSync(promoting)) {
    if (performance.now() > untilMs)
      throw new ServerConfigError(
        "this server's data has not arrived there yet: run `satchel admin promote` to its end",
      );
    await sleep(lookEveryMs);
  }
}

/** For whoever opens the embedded stores. @throws ServerConfigError when the data is elsewhere by now */
export function requireNotPromoted({ promoted, path }: DataDirectory): void {
  if (existsSync(promoted))
    throw new ServerConfigError(`the data of ${path} was moved to other stores: name them with --database and --blobs`);
}
