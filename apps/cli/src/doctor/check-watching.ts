import { readFile } from "node:fs/promises";
import { ok, problem, skipped, warning, type Finding } from "./finding.ts";

/** A folder that takes more than this part of the system's watches leaves too few to other programs. */
const largePart = 0.8;

/**
 * Whether the system has enough watches for every folder.
 *
 * @param folders how many the synced folder has; undefined when that is not known
 * @param read the system's limit; for tests
 */
export async function checkWatches(
  folders: number | undefined,
  read: () => Promise<string> = () => readFile("/proc/sys/fs/inotify/max_user_watches", "utf8"),
): Promise<Finding> {
  const limit = Number(await read().catch(() => Number.NaN));
  if (!(limit > 0)) return skipped("watches", "This system has no limit of watches.");
  if (folders === undefined) return skipped("watches", "How many folders there are is not known yet.");
  const said = `The folder needs ${folders} of the ${limit} watches that this system gives a user`;
  const advice = `Raise the limit: \`sudo sysctl fs.inotify.max_user_watches=${nextLimit(limit, folders)}\`, and in /etc/sysctl.d for good.`;
  if (folders > limit) return problem("watches", `${said}: changes are found by scanning, which takes longer.`, advice);
  return folders > limit * largePart ? warning("watches", `${said}.`, advice) : ok("watches", `${said}.`);
}

/** The next power of two with room to spare. */
function nextLimit(limit: number, folders: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(limit, folders) * 2));
}
