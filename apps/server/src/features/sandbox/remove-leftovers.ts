import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** No program has a folder for so long. */
const oldestMs = 2 * 3600 * 1000;

/** Removes folders of this account's whose names begin so and that are two hours old: those of programs whose server was killed, which hold what people keep. What can't be removed stays. */
export async function removeLeftovers(within: string, prefix: string): Promise<void> {
  const before = Date.now() - oldestMs;
  const names = await readdir(within).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const path = join(within, name);
    const found = await lstat(path).catch(() => undefined);
    // Others may put something of that name there, too, to have it followed.
    if (!found?.isDirectory() || found.uid !== process.getuid?.() || found.mtimeMs > before) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
