import { readFile } from "node:fs/promises";
import type { SyncReport } from "../daemon/sync-report.ts";
import type { Home } from "./home.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** What `sync.json` keeps of the last sync of a home, for when none runs. */
export interface SyncRecord {
  readonly folder: string;
  /** Of the last process; it may be gone. */
  readonly pid: number;
  readonly report: SyncReport;
}

/** Undefined when nothing was synced yet, or when what is there can't be read: it is only a memory. */
export async function findSyncRecord(home: Home): Promise<SyncRecord | undefined> {
  try {
    return JSON.parse(await readFile(home.syncFile, "utf8")) as SyncRecord;
  } catch {
    return undefined;
  }
}

export async function saveSyncRecord(home: Home, record: SyncRecord): Promise<void> {
  await writeFileAtomically(home.syncFile, `${JSON.stringify(record)}\n`);
}
