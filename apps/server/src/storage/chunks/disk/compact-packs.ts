import type { DatabaseSync } from "node:sqlite";
import { ChunkRows } from "./chunk-index.ts";
import type { ChunkReader } from "./chunk-reader.ts";
import { inTransaction } from "./index-database.ts";
import type { PackFiles } from "./pack-files.ts";
import { neededBytes, PackRows, type PackRow } from "./pack-rows.ts";
import type { PackWriter } from "./pack-writer.ts";
import { packHeaderBytes, recordBytes } from "./record-format.ts";

/** A pack is rewritten when less than this part of it is needed: each byte moved then frees at least one. */
const neededRatio = 0.5;
/** Below this much garbage, the pack that grows is left to grow. */
const minGarbageBytes = 4 * 1024 * 1024;
/** What is read and moved at a time; puts that wait come in between. */
const maxBatchBytes = 8 * 1024 * 1024;
const maxBatchRecords = 1000;

interface Compaction {
  readonly database: DatabaseSync;
  readonly reader: ChunkReader;
  readonly writer: PackWriter;
  readonly files: PackFiles;
  /** Asked between batches: the store is closing. */
  readonly stopped: () => boolean;
}

/**
 * Copies what is needed out of packs that are mostly garbage, and removes them. At every instant each chunk has a durable record that
 * the index knows or a scan finds: copies are durable before rows follow them, and the rows before the file goes.
 */
export async function compactPacks(compaction: Compaction): Promise<{ freedBytes: number }> {
  const { writer, stopped } = compaction;
  const rows = new PackRows(compaction.database);
  const growing = rows.all().find((pack) => pack.pack === writer.activePack);
  if (growing !== undefined && isWasteful(growing) && growing.endBytes - neededBytes(growing) >= minGarbageBytes)
    await writer.startNewPack();
  // The emptiest first: on a full disk they make the room for the rest.
  const wasteful = rows
    .all()
    .filter((pack) => pack.pack !== writer.activePack && isWasteful(pack) && !rows.hasDamage(pack.pack));
  wasteful.sort((a, b) => neededBytes(a) - neededBytes(b));
  let freedBytes = 0;
  for (const pack of wasteful) {
    if (stopped()) break;
    const moved = await emptyPack(compaction, pack);
    if (moved === undefined) continue;
    await removePack(compaction, rows, pack.pack);
    freedBytes += pack.endBytes - moved;
  }
  return { freedBytes };
}

function isWasteful(pack: PackRow): boolean {
  return neededBytes(pack) < (pack.endBytes - packHeaderBytes) * neededRatio || pack.chunks === 0;
}

/** Moves all chunks out. Returns the bytes moved, or undefined when the pack must stay: a record is damaged, or the store closes. */
async function emptyPack(
  { database, reader, writer, stopped }: Compaction,
  { pack }: PackRow,
): Promise<number | undefined> {
  const rows = new ChunkRows(database);
  let moved = 0;
  for (;;) {
    if (stopped()) return undefined;
    const batch = [];
    let batchBytes = 0;
    for (const from of rows.inPack(pack, 0, maxBatchRecords)) {
      if (batchBytes >= maxBatchBytes) break;
      const record = reader.record(from);
      if (record === undefined) {
        // What could be moved was moved. The damaged pack stays, for someone who can mend it.
        inTransaction(database, () => rows.markDamaged(from.hash, from));
        return undefined;
      }
      batch.push({ hash: from.hash, record: Buffer.from(record), from });
      batchBytes += recordBytes(from.storedBytes);
    }
    if (batch.length === 0) return moved;
    await writer.move(batch);
    moved += batchBytes;
  }
}

async function removePack({ database, reader, files }: Compaction, rows: PackRows, pack: number): Promise<void> {
  // Durable, with all moves before it: from here on a scan after a power cut must not need this file.
  inTransaction(database, () => rows.doom(pack), true);
  reader.release();
  await files.remove(pack);
  await files.syncNames();
  inTransaction(database, () => rows.forget(pack));
}
