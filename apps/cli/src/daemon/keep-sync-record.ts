import type { Home } from "../home/home.ts";
import { saveSyncRecord } from "../home/sync-record.ts";
import type { SyncRecord } from "../home/sync-record.ts";

/** How long changes are gathered before they are written, in milliseconds: a busy sync writes its record this often at most. */
const gatherMs = 5000;

/** Writes the record of a running sync now and then, and once more when it is closed. */
export function keepSyncRecord(home: Home, current: () => SyncRecord) {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const save = (): Promise<void> => {
    writing = writing.then(() => saveSyncRecord(home, current()));
    return writing;
  };
  return {
    save,
    changed(): void {
      timer ??= setTimeout(() => {
        timer = undefined;
        // A record that can't be written now (a full disk) is written the next time; the sync itself goes on.
        writing = save().catch(() => undefined);
      }, gatherMs);
      timer.unref();
    },
    async close(): Promise<void> {
      clearTimeout(timer);
      await save().catch(() => undefined);
    },
  };
}
