import type { ChunkHash } from "@satchel/protocol";
import type { BackupStore } from "../../storage/backup/backup-store.ts";
import { neededChunks } from "./needed-chunks.ts";

export interface PruneReport {
  readonly removedSnapshots: number;
  readonly removedChunks: number;
  readonly freedBytes: number;
}

const chunksPerPage = 5000;

/**
 * Keeps the newest snapshots of a backup, and the chunks that these need. What they need is read before anything is removed, so that a snapshot that can't be read keeps everything; snapshots go before chunks, so that whatever is listed is
 * whole. `made`, the snapshot that was just made, stays even where a clock that was wrong gave later names to older ones. May be killed anywhere and run again. Nobody else may have the backup open. @throws BackupError, SealBrokenError when a snapshot that stays can't be read
 */
export async function pruneBackup(
  backup: BackupStore,
  { keep, made }: { readonly keep: number; readonly made: string },
): Promise<PruneReport> {
  const others = (await backup.listSnapshots()).filter((name) => name !== made);
  const going = others.slice(0, Math.max(0, others.length - (keep - 1)));
  const staying = [...others.slice(going.length), made];
  const needed = new Set<ChunkHash>();
  for (const name of staying) for await (const { hash } of neededChunks(backup, name)) needed.add(hash);
  for (const name of going) await backup.removeSnapshot(name);
  const removedChunks = await removeOthers(backup, needed);
  const { freedBytes } = await backup.chunks.compact();
  return { removedSnapshots: going.length, removedChunks, freedBytes };
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
