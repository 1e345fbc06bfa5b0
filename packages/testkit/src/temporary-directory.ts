import { rmSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that lives as long as the test that uses it; `await using` removes it. */
export interface TemporaryDirectory extends AsyncDisposable {
  /** Absolute, with symbolic links resolved, so that it compares equal to what the system reports. */
  readonly path: string;
  /** A path inside it. Nothing is made there. */
  join(...names: string[]): string;
  /** Removes it with everything inside. Removing twice is no error. */
  remove(): Promise<void>;
}

const alive = new Set<string>();
let sweepsAtExit = false;

/**
 * Makes an empty directory under the system's temporary one. It goes away with `await using`, with `remove()`, or,
 * at the latest, when the process exits by itself.
 *
 * @param label a word in its name, to tell leftovers of a killed run apart
 * @param parent where to make it
 */
export async function temporaryDirectory(label = "test", parent = tmpdir()): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(parent, `satchel-${label}-`)));
  alive.add(path);
  sweepAtExit();
  const remove = async (): Promise<void> => {
    // Something may still be writing its last file there (a process that is ending): retries cover that.
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    alive.delete(path);
  };
  return { path, join: (...names) => join(path, ...names), remove, [Symbol.asyncDispose]: remove };
}

function sweepAtExit(): void {
  if (sweepsAtExit) return;
  sweepsAtExit = true;
  process.once("exit", () => {
    for (const path of alive) rmSync(path, { recursive: true, force: true });
  });
}
