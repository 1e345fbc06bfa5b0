import type { ChunkHash } from "@satchel/protocol";
import type { BackupStore } from "../../storage/backup/backup-store.ts";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";
import { decodeSnapshot } from "./snapshot-format.ts";

export interface BackupCheck {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly snapshots: number;
  readonly rows: number;
  readonly chunks: number;
}

/** The most problems that are told. */
const maxProblems = 1000;

/** Reads a whole backup: each snapshot to its end, and each chunk that one of them needs, which is decrypted and hashed. Changes nothing. */
export async function verifyBackup(backup: BackupStore): Promise<BackupCheck> {
  const problems: string[] = [];
  const report = (problem: string): void => void (problems.length < maxProblems && problems.push(problem));
  const looked = new Set<ChunkHash>();
  let rows = 0;
  const snapshots = await backup.listSnapshots();
  if (snapshots.length === 0) report("there is no snapshot");
  for (const name of snapshots) {
    try {
      const { pages } = await decodeSnapshot(backup.key, backup.readSnapshot(name));
      for await (const page of pages) {
        rows += page.rows.length;
        if (page.table !== "workspace_chunks") continue;
        for (const row of page.rows) {
          const hash = (row["chunk_hash"] as Uint8Array).toHex() as ChunkHash;
          if (looked.has(hash)) continue;
          looked.add(hash);
          const fault = await findFault(backup, hash);
          if (fault) report(`snapshot ${name}: chunk ${hash} ${fault}`);
        }
      }
    } catch (error) {
      report(`snapshot ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { ok: problems.length === 0, problems, snapshots: snapshots.length, rows, chunks: looked.size };
}

async function findFault({ chunks }: BackupStore, hash: ChunkHash): Promise<string | undefined> {
  try {
    const [bytes] = await chunks.get([hash]);
    return bytes === undefined ? "is missing" : undefined;
  } catch (error) {
    if (error instanceof ChunkCorruptError) return "is damaged";
    throw error;
  }
}
