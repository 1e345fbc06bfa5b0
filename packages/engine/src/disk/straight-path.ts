import { closeSync, constants, openSync, readlinkSync, realpathSync } from "node:fs";

/** `O_PATH` of Linux' fcntl.h, which Node doesn't name: opens a name without any right to what it names. */
const openAsPath = 0o10000000;

/**
 * Whether the system reaches a folder by its path without a link on the way: it is asked once for the whole path, where looking at each folder on the way costs by the square of the depth.
 * False also where that can't be told: on other systems than Linux, or when the folder is not there. See `/proc/PID/fd` in proc(5).
 */
export function isStraight(root: string, path: string): boolean {
  if (process.platform !== "linux") return false;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`${root}/${path}`, openAsPath | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    return readlinkSync(`/proc/self/fd/${descriptor}`) === `${realpathSync(root)}/${path}`;
  } catch {
    // Whoever looks at each folder finds out what is wrong, and with which.
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
