import { DiskError, type Disk } from "../ports/disk.ts";
import type { StateStore } from "../state/state-store.ts";

/** Whether a folder is at this path that the server has no more, and that stayed for what is ignored in it. [EN22] */
export async function isLeftBehind(
  { state, disk }: { readonly state: Pick<StateStore, "isLeftover">; readonly disk: Pick<Disk, "stat"> },
  path: string,
): Promise<boolean> {
  try {
    const there = await disk.stat(path);
    return there?.type === "folder" && state.isLeftover(there.inode);
  } catch (error) {
    // What can't be told is no reason for another word to a person than the one there is.
    if (error instanceof DiskError) return false;
    throw error;
  }
}
