import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { ChunkHash } from "@satchel/protocol";
import type { BackupStore } from "../../storage/backup/backup-store.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { heldChunkPages } from "../../storage/metadata/held-chunk-pages.ts";
import type { MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";
import type { MetadataArchive, SnapshotPage } from "../../storage/metadata/metadata-archive.ts";
import { copyChunks, type CopiedChunks, type NeededChunk } from "./copy-chunks.ts";
import { encodeSnapshot } from "./snapshot-format.ts";

export interface BackupParts {
  readonly archive: MetadataArchive;
  readonly maintenance: MaintenanceStore;
  readonly chunks: Pick<ChunkStore, "get">;
  readonly backup: BackupStore;
  readonly signingKey: Uint8Array;
  readonly nowMs: number;
  /** Told after each page of chunks. */
  readonly onProgress?: (copied: { readonly chunks: number; readonly bytes: number }) => void;
}

export interface BackupReport {
  readonly snapshot: string;
  /** Chunks that were not in the backup before. */
  readonly chunks: number;
  readonly bytes: number;
  /** Chunks that the server itself does not have any more, or has damaged: `admin check` names the files. */
  readonly lost: readonly ChunkHash[];
}

const chunksPerPage = 5000;

/**
 * Backs a server up while it runs. First the chunks that are held now, then the metadata as it is at one instant, then the few chunks that came in between: whatever the snapshot refers to is in the backup before the snapshot is. A chunk is copied once, whatever number of
 * snapshots need it. May be killed anywhere and run again.
 */
export async function backUp(parts: BackupParts): Promise<BackupReport> {
  const { archive, backup, nowMs, signingKey } = parts;
  const total = { chunks: 0, bytes: 0 };
  const copy = async (needed: readonly NeededChunk[]): Promise<CopiedChunks> => {
    const copied = await copyChunks(needed, { from: parts.chunks, to: backup.chunks });
    total.chunks += copied.chunks;
    total.bytes += copied.bytes;
    parts.onProgress?.(total);
    return copied;
  };
  for await (const page of heldChunks(parts.maintenance)) await copy(page);
  const lost: ChunkHash[] = [];
  const head = {
    format: "satchel-snapshot",
    version: 1,
    schema: archive.schema,
    takenAtMs: nowMs,
    signingKey: signingKey.toHex(),
  } as const;
  const snapshot = new Date(nowMs).toISOString().replaceAll(":", "-");
  const pages = pagesOf(archive, async ({ table, rows }) => {
    if (table !== "workspace_chunks") return;
    const needed = rows.map((row) => ({
      hash: (row["chunk_hash"] as Uint8Array).toHex() as ChunkHash,
      sizeBytes: Number(row["size"]),
    }));
    lost.push(...(await copy(needed)).lost);
  });
  await backup.writeSnapshot(snapshot, encodeSnapshot(backup.key, head, pages));
  return { snapshot, ...total, lost };
}

/** All chunks that some workspace holds and a version refers to, page by page. */
export async function* heldChunks(maintenance: MaintenanceStore): AsyncGenerator<NeededChunk[]> {
  for await (const page of heldChunkPages(maintenance, chunksPerPage)) {
    const needed = page.filter(({ references }) => references > 0);
    if (needed.length > 0) yield needed;
  }
}

/** The archive's pages, each only after `before` is through with it: what tells pages becomes what is asked for them, and waits for who asks. */
async function* pagesOf(
  archive: MetadataArchive,
  before: (page: SnapshotPage) => Promise<void>,
): AsyncGenerator<SnapshotPage> {
  const pages = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const reading = archive.read(async (page) => {
    await before(page);
    if (!pages.write(page)) await Promise.race([once(pages, "drain"), once(pages, "close")]);
    if (pages.destroyed) throw new Error("the snapshot is not wanted any more");
  });
  reading.then(
    () => pages.end(),
    (error: Error) => pages.destroy(error),
  );
  yield* pages as AsyncIterable<SnapshotPage>;
}
