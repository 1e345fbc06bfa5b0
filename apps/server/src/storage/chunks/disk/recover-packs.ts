import { openSync, closeSync, fdatasyncSync, readdirSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { ChunkRows, type PlacedChunk } from "./chunk-index.ts";
import type { DataKeys } from "./data-keys.ts";
import { inTransaction } from "./index-database.ts";
import { OpenPacks } from "./open-packs.ts";
import { packNumber, packPath, type PackFiles } from "./pack-files.ts";
import { PackRows, type PackRow } from "./pack-rows.ts";
import { packHeaderBytes, packIdentity } from "./record-format.ts";
import { scanPack } from "./scan-pack.ts";

/** How many found records go into one transaction of the index. */
const recordsPerTransaction = 10_000;

interface Recovery {
  readonly database: DatabaseSync;
  readonly directory: string;
  readonly files: PackFiles;
  readonly keys: DataKeys;
  readonly nowMs: number;
}

/** The packs in a directory, in order. */
export function listPacks(directory: string): number[] {
  const numbers = readdirSync(directory).map(packNumber);
  return numbers.filter((pack) => pack !== undefined).sort((a, b) => a - b);
}

/**
 * Makes the index say what the packs hold, after whatever ended the last run. Afterwards every row of the index has its record on disk,
 * and every durable record its row. Reads only what the index doesn't know: after an orderly close, 32 bytes of each pack.
 */
export async function recoverPacks(recovery: Recovery): Promise<void> {
  const { database, directory } = recovery;
  const rows = new PackRows(database);
  const packs = new OpenPacks(directory);
  try {
    await removeUseless(recovery, rows);
    const found = listPacks(directory).map((pack) => inspectPack(directory, packs, pack));
    // First drops all rows that don't hold, since a row that is there keeps a record found elsewhere from being noted.
    const known = new Map(rows.all().map((row) => [row.pack, row]));
    const kept = new Map(found.flatMap((pack) => keptRow(pack, known.get(pack.pack))));
    for (const pack of known.keys()) if (!kept.has(pack)) inTransaction(database, () => rows.forget(pack));
    for (const pack of found) indexTail(recovery, packs, pack, kept.get(pack.pack)?.endBytes ?? packHeaderBytes);
  } finally {
    packs.release();
  }
}

interface FoundPack {
  readonly pack: number;
  readonly identity: Buffer;
  readonly sizeBytes: number;
}

/** Packs that compaction emptied, and such as a crash cut off before their header was whole. */
async function removeUseless({ directory, files }: Recovery, rows: PackRows): Promise<void> {
  const doomed = new Set(rows.all().flatMap((row) => (row.doomed ? [row.pack] : [])));
  for (const pack of listPacks(directory)) {
    if (doomed.has(pack) || statSync(packPath(directory, pack)).size < packHeaderBytes) await files.remove(pack);
  }
  await files.syncNames();
}

function inspectPack(directory: string, packs: OpenPacks, pack: number): FoundPack {
  const header = Buffer.alloc(packHeaderBytes);
  packs.read(pack, 0, header);
  return { pack, identity: packIdentity(header), sizeBytes: statSync(packPath(directory, pack)).size };
}

/** The row, if it is about this file: one that is shorter than the row says, or another of the same number, came from a backup. */
function keptRow(found: FoundPack, row: PackRow | undefined): [number, PackRow][] {
  const same = row !== undefined && found.identity.equals(row.identity) && row.endBytes <= found.sizeBytes;
  return same ? [[found.pack, row]] : [];
}

function indexTail(
  { database, directory, keys, nowMs }: Recovery,
  packs: OpenPacks,
  found: FoundPack,
  fromOffset: number,
): void {
  const { pack, identity, sizeBytes } = found;
  if (fromOffset === sizeBytes) return;
  // Records that a killed process wrote may be in the page cache only.
  syncPack(packPath(directory, pack));
  const packRows = new PackRows(database);
  const chunkRows = new ChunkRows(database);
  const addAll = (chunks: readonly PlacedChunk[]): void => {
    inTransaction(database, () => {
      for (const chunk of chunks) chunkRows.add(chunk, nowMs);
    });
  };
  packRows.extend(pack, identity, fromOffset);
  let batch: PlacedChunk[] = [];
  for (const chunk of scanPack({ packs, keys, pack, fromOffset })) {
    batch.push(chunk);
    if (batch.length < recordsPerTransaction) continue;
    addAll(batch);
    batch = [];
  }
  addAll(batch);
  packRows.extend(pack, identity, sizeBytes);
}

function syncPack(path: string): void {
  const file = openSync(path, "r+");
  try {
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}
