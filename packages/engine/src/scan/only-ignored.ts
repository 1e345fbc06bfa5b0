import type { Disk } from "../ports/disk.ts";
import type { StateStore } from "../state/state-store.ts";
import { joinPath } from "./join-path.ts";

/**
 * Whether a folder has nothing in it, at any depth, that would be synchronised: a folder, too, unless it is ignored or was itself left behind for what is ignored in it. What can't be read may be anything. [EN22]
 */
export async function holdsOnlyIgnored(
  context: {
    disk: Disk;
    state: Pick<StateStore, "isLeftover">;
    isIgnored: (path: string, isFolder: boolean) => boolean;
  },
  path: string,
): Promise<boolean> {
  for await (const listing of context.disk.scan(path, { recursive: true })) {
    if (listing.problem !== undefined || listing.unreadable.length > 0) return false;
    for (const entry of listing.entries) {
      if (entry.type === "other" || (entry.type === "folder" && context.state.isLeftover(entry.inode))) continue;
      if (!context.isIgnored(joinPath(listing.path, entry.name), entry.type === "folder")) return false;
    }
  }
  return true;
}
