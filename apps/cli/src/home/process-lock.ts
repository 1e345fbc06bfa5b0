import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";

/** A lock between processes, which the operating system releases when its holder dies, however it dies. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the lock that `path` stands for, or undefined when another process (or another caller here) holds it. Node has no file locks of its own, and SQLite, which
 * comes with it, takes the system's.
 */
export function tryLock(path: string): ProcessLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
}

const sqliteBusy = 5;

const lookEveryMs = 25;

/** Waits for the lock, at most `withinMs`; then undefined. */
export async function lockWithin(path: string, withinMs: number): Promise<ProcessLock | undefined> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const lock = tryLock(path);
    if (lock || waitedMs >= withinMs) return lock;
    await sleep(lookEveryMs);
  }
}
