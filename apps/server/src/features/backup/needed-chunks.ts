import type { ChunkHash } from "@satchel/protocol";
import type { BackupStore } from "../../storage/backup/backup-store.ts";
import type { NeededChunk } from "./copy-chunks.ts";
import { decodeSnapshot } from "./snapshot-format.ts";

/** The chunks that a snapshot refers to; one may come several times. Complete only when it ends without an error. @throws BackupError, SealBrokenError */
export async function* neededChunks(backup: BackupStore, snapshot: string): AsyncGenerator<NeededChunk> {
  const { pages } = await decodeSnapshot(backup.key, backup.readSnapshot(snapshot));
  for await (const { table, rows } of pages) {
    if (table !== "workspace_chunks") continue;
    for (const row of rows)
      yield { hash: (row["chunk_hash"] as Uint8Array).toHex() as ChunkHash, sizeBytes: Number(row["size"]) };
  }
}
