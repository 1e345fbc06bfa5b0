import type { ChunkHash } from "@satchel/protocol";
import type { BackupStore } from "../../storage/backup/backup-store.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";
import { BackupError } from "../../storage/backup/backup-store.ts";
import type { MetadataArchive } from "../../storage/metadata/metadata-archive.ts";
import { heldChunks } from "./back-up.ts";
import { copyChunks } from "./copy-chunks.ts";
import { decodeSnapshot } from "./snapshot-format.ts";

export interface RestoreParts {
  readonly backup: BackupStore;
  /** Which snapshot; the newest if undefined. */
  readonly snapshot: string | undefined;
  /** Of the empty server that is filled. */
  readonly archive: MetadataArchive;
  /** Its stores, opened once its metadata is there: opening brings the tables to this program's schema. */
  readonly openStores: () => Promise<{ readonly chunks: ChunkStore; readonly maintenance: MaintenanceStore }>;
  /** What outlives a restore that is killed. */
  readonly note: RestoreNote;
  readonly onProgress?: (copied: { readonly chunks: number; readonly bytes: number }) => void;
}

/** Keeps in mind that a server is being restored: it must not be started before that is done. */
export interface RestoreNote {
  /** The snapshot that a restore began with and did not come to its end. */
  find(): Promise<string | undefined>;
  /** Durable when it resolves, with the server's signing key. */
  begin(snapshot: string, signingKey: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export interface RestoreReport {
  readonly snapshot: string;
  readonly takenAtMs: number;
  readonly chunks: number;
  readonly bytes: number;
  /** Chunks that the backup does not have, or has damaged. */
  readonly lost: readonly ChunkHash[];
}

/**
 * Fills an empty server, on whatever stores, with a snapshot and the chunks that it needs. One that was killed is run again on the same server, and goes on.
 * @throws BackupError, also when the server isn't empty; SealBrokenError
 */
export async function restoreBackup(parts: RestoreParts): Promise<RestoreReport> {
  const { backup, archive } = parts;
  const begun = await parts.note.find();
  const snapshot = parts.snapshot ?? begun ?? (await backup.listSnapshots()).at(-1);
  if (snapshot === undefined)
    throw new BackupError("the backup holds no snapshot: the first one did not come to its end");
  const { head, pages } = await decodeSnapshot(backup.key, backup.readSnapshot(snapshot));
  const isLoaded = begun === snapshot && !(await archive.isEmpty());
  if (!isLoaded) {
    if (!(await archive.isEmpty()))
      throw new BackupError("the server that is restored into has accounts already: restore into an empty one");
    await parts.note.begin(snapshot, Uint8Array.fromHex(head.signingKey));
    await archive.load({ schema: head.schema, pages });
  }
  const { chunks, maintenance } = await parts.openStores();
  const total = { chunks: 0, bytes: 0 };
  const lost: ChunkHash[] = [];
  for await (const page of heldChunks(maintenance)) {
    const copied = await copyChunks(page, { from: backup.chunks, to: chunks });
    total.chunks += copied.chunks;
    total.bytes += copied.bytes;
    lost.push(...copied.lost);
    parts.onProgress?.(total);
  }
  await parts.note.end();
  return { snapshot, takenAtMs: head.takenAtMs, ...total, lost };
}
