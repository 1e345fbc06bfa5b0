import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../../durable-file.ts";
import { openMasterKeyFile } from "../../chunks/disk/master-key-file.ts";
import { ThreadedChunkStore } from "../../chunks/thread/threaded-chunk-store.ts";
import { BackupError, type BackupStore } from "../backup-store.ts";

interface FolderBackupOptions {
  readonly directory: string;
  /** Of the backup's key: 64 hex digits. A new backup makes it where it is missing. */
  readonly keyFile: string;
  /** Whether a copy of the key is put beside the backup, for whoever keeps it safe as a whole. */
  readonly withKey?: boolean;
  /** Whether an empty directory becomes a backup. */
  readonly mayCreate: boolean;
  readonly now: () => number;
}

const description = { format: "satchel-backup", version: 1 };
const descriptionFile = "backup.json";
const suffix = ".snapshot";
const unfinishedSuffix = `${suffix}.unfinished`;

/** The name of the key's copy in a backup that has one. */
export const keyCopyName = "backup.key";

/**
 * A backup in a directory: `backup.json`, `snapshots/TIME.snapshot`, and `chunks/`, a chunk store like a server's own. The caller sees to it that one process at a time has it open.
 * @throws BackupError, ChunkStoreError
 */
export async function openFolderBackupStore(options: FolderBackupOptions): Promise<BackupStore> {
  const { directory, keyFile, mayCreate, now } = options;
  const isNew = await isNewBackup(directory);
  if (isNew && !mayCreate) throw new BackupError(`there is no backup in ${directory}`);
  const snapshots = join(directory, "snapshots");
  await mkdir(snapshots, { recursive: true, mode: 0o700 });
  if (mayCreate) await dropUnfinished(snapshots);
  const key = await openMasterKeyFile({ path: keyFile, mayCreate: isNew });
  const chunks = await ThreadedChunkStore.open({ directory: join(directory, "chunks"), masterKey: key, now });
  if (isNew) await writeFile(join(directory, descriptionFile), `${JSON.stringify(description)}\n`, { mode: 0o600 });
  if (options.withKey) await copyFile(keyFile, join(directory, keyCopyName));
  return {
    chunks,
    key,
    listSnapshots: async () =>
      (await readdir(snapshots))
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length))
        .toSorted(),
    writeSnapshot: (name, sealed) => writeSnapshot(snapshots, name, sealed),
    readSnapshot: (name) => {
      const path = join(snapshots, `${name}${suffix}`);
      if (/[/\\]/.test(name) || !existsSync(path))
        throw new BackupError(`there is no snapshot ${name} in ${directory}`);
      return createReadStream(path);
    },
    removeSnapshot: async (name) => {
      await rm(join(snapshots, `${name}${suffix}`), { force: true });
      await syncDirectory(snapshots);
    },
    close: () => chunks.close(),
  };
}

async function isNewBackup(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  // A lock may be there already, and what an interrupted first backup left.
  const isOurs = (name: string): boolean => name.startsWith("lock") || name === "chunks" || name === "snapshots";
  if (names.every(isOurs)) return true;
  if (names.every((name) => name !== descriptionFile))
    throw new BackupError(`${directory} is not empty and holds no backup: name an empty directory`);
  const { format, version } = JSON.parse(
    await readFile(join(directory, descriptionFile), "utf8"),
  ) as typeof description;
  if (format !== description.format) throw new BackupError(`${directory} holds no backup of Satchel`);
  if (version > description.version)
    throw new BackupError(`the backup in ${directory} was made by a newer version of Satchel; run that version`);
  return false;
}

/** What backups left that were killed while they wrote: nobody would ever read it. */
async function dropUnfinished(snapshots: string): Promise<void> {
  for (const name of await readdir(snapshots))
    if (name.endsWith(unfinishedSuffix)) await rm(join(snapshots, name), { force: true });
}

async function writeSnapshot(directory: string, name: string, sealed: AsyncIterable<Uint8Array>): Promise<void> {
  const path = join(directory, `${name}${suffix}`);
  const unfinished = join(directory, `${name}${unfinishedSuffix}`);
  const file = await open(unfinished, "w", 0o600);
  try {
    for await (const bytes of sealed) await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
  await file.close();
  await rename(unfinished, path);
  await syncDirectory(directory);
}
