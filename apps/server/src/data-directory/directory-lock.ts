import { DatabaseSync } from "node:sqlite";

/** Another server works on the data directory. */
export class DirectoryInUseError extends Error {
  override readonly name = "DirectoryInUseError";
}

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the directory for this process. The lock is SQLite's own, on a file that holds nothing: the system frees it when the process dies,
 * however it dies, so that it is never stale, and a second try from the same process is refused, too.
 * @throws DirectoryInUseError
 */
export function lockDirectory(lockFile: string, directory: string): DirectoryLock {
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new DirectoryInUseError(
      `another Satchel server already uses ${directory}; stop it, or start this one with another --data`,
      { cause },
    );
  }
  return { release: () => database.close() };
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
