import { limboId } from "@satchel/reconcile";
import { DiskError, type Disk } from "../ports/disk.ts";
import { limboFolder, limboPath } from "../state/own-folder.ts";
import type { StateStore } from "../state/state-store.ts";

/** More leftovers than this have never met under one name. */
const maxNames = 1000;

/**
 * At the start: what a lost database or an old crash left in limbo, which nobody would ever see again, comes back into the folder's root as `Recovered NAME`; and what
 * the books have in limbo but the disk has not is no longer there. [EN60]
 */
export async function recoverLimbo({ state, disk }: { state: StateStore; disk: Disk }): Promise<void> {
  const found = new Set<string>();
  for await (const listing of disk.scan(limboFolder, { recursive: false })) {
    for (const { name } of listing.entries) found.add(name);
  }
  state.transaction(() => {
    for (const record of state.local.children(limboId)) if (!found.has(record.name)) state.local.remove(record.id);
  });
  for (const name of found) if (!state.local.findChild(limboId, name)) await bringBack(disk, name);
}

async function bringBack(disk: Disk, name: string): Promise<void> {
  const plain = `Recovered ${name.slice(name.indexOf(".") + 1)}`;
  for (let n = 1; n <= maxNames; n += 1) {
    try {
      await disk.move(limboPath(name), n === 1 ? plain : `${plain} ${n}`);
      return;
    } catch (error) {
      if (!(error instanceof DiskError) || error.code !== "exists") throw error;
    }
  }
}
