import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What folders of programs are called, so that those can be found that a killed server left. */
export const placesPrefix = "satchel-program-";

/** A folder for a program to work in and an empty one beside it, both in `base`, which whoever asks removes. */
export async function makePlaces(): Promise<{ readonly base: string; readonly folder: string; readonly root: string }> {
  const base = await mkdtemp(join(tmpdir(), placesPrefix));
  const [folder, root] = [join(base, "work"), join(base, "root")];
  for (const path of [folder, root]) await mkdir(path, { mode: 0o700 });
  return { base, folder, root };
}
