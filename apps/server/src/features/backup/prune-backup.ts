import type { ChunkHash } from "@satchel/protocol";
import { BackupError, type BackupStore } from "../../storage/backup/backup-store.ts";
import { decodeSnapshot } from "./snapshot-format.ts";
import { neededChunks } from "./needed-chunks.ts";

export interface PruneReport {
  readonly removedSnapshots: number;
  readonly removedChunks: number;
  readonly freedBytes: number;
}

const chunksPerPage = 5000;

/**
 * Keeps the newest snapshots of a server in a backup, all of others, and the chunks that these need. Whose each is, and what it needs, is read before anything is removed: what can't be read may be anybody's and need anything, and keeps everything. Snapshots go before chunks, so that whatever is listed is
 * whole. `made`, the snapshot that was just made, stays even where a clock that was wrong gave later names to older ones. May be killed anywhere and run again. Nobody else may have the backup open. @throws BackupError when a snapshot can't be read
 */
export async function pruneBackup(
  backup: BackupStore,
  { keep, made }: { readonly keep: number; readonly made: string },
): Promise<PruneReport> {
  const others = await listOwn(backup, made);
  const going = others.slice(0, Math.max(0, others.length - (keep - 1)));
  const gone = new Set(going);
  const staying = (await backup.listSnapshots()).filter((name) => !gone.has(name));
  const needed = new Set<ChunkHash>();
  for (const name of staying) {
    await reading(name, async () => {
      for await (const { hash } of neededChunks(backup, name)) needed.add(hash);
    });
  }
  for (const name of going) await backup.removeSnapshot(name);
  const removedChunks = await removeOthers(backup, needed);
  const { freedBytes } = await backup.chunks.compact();
  return { removedSnapshots: going.length, removedChunks, freedBytes };
}

/** The other snapshots of the same server, oldest first: several may share a backup, and each removes its own. */
async function listOwn(backup: BackupStore, made: string): Promise<string[]> {
  const own = await reading(made, () => readSigningKey(backup, made));
  const names: string[] = [];
  for (const name of await backup.listSnapshots()) {
    if (name === made) continue;
    if ((await reading(name, () => readSigningKey(backup, name))) === own) names.push(name);
  }
  return names;
}

/** @throws BackupError, which says what to do, whatever kept it from being read: damage, a disk that fails, a right that is missing */
async function reading<T>(snapshot: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupError(
      `no snapshot was removed, since ${snapshot} can't be read (${reason}): whose it is, and what it needs, is not known. Move its file away if it is damaged for good.`,
      { cause: error },
    );
  }
}

async function readSigningKey(backup: BackupStore, name: string): Promise<string> {
  const { head, close } = await decodeSnapshot(backup.key, backup.readSnapshot(name));
  close();
  return head.signingKey;
}

async function removeOthers({ chunks }: BackupStore, needed: ReadonlySet<ChunkHash>): Promise<number> {
  let removed = 0;
  for (let after: ChunkHash | undefined; ;) {
    const page = await chunks.list({ after, limit: chunksPerPage });
    if (page.length === 0) return removed;
    after = page.at(-1)?.hash;
    const hashes = page.map(({ hash }) => hash).filter((hash) => !needed.has(hash));
    if (hashes.length === 0) continue;
    // Whenever they were put: nothing is on its way into a backup that is open here alone.
    removed += (await chunks.removeUntouchedSince({ hashes, sinceMs: Number.MAX_SAFE_INTEGER })).length;
  }
}
