import type { Disk } from "../ports/disk.ts";
import { joinPath } from "./join-path.ts";

/** Whether a folder has nothing in it, at any depth, that would be synchronised. What can't be read may be anything. */
export async function holdsOnlyIgnored(
  context: { disk: Disk; isIgnored: (path: string, isFolder: boolean) => boolean },
  path: string,
): Promise<boolean> {
  for await (const listing of context.disk.scan(path, { recursive: true })) {
    if (listing.problem !== undefined || listing.unreadable.length > 0) return false;
    for (const entry of listing.entries) {
      const isSynced = entry.type === "file" || entry.type === "link";
      if (isSynced && !context.isIgnored(joinPath(listing.path, entry.name), false)) return false;
    }
  }
  return true;
}
