import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ownFolder } from "./stage.ts";

/** A look at a folder that goes on beside a test. */
export interface VisibleFiles extends AsyncDisposable {
  /** Files that were seen with a size that they never had, a sentence each. */
  readonly partial: readonly string[];
  /** How often the folder was looked at. */
  looks(): number;
}

const LOOK_EVERY_MS = 2;

/** Looks at the top of a folder all the time, and notes every file that has another size than it may have. */
export function watchVisibleFiles(folder: string, sizes: ReadonlyMap<string, readonly number[]>): VisibleFiles {
  const partial: string[] = [];
  const ended = new AbortController();
  let looks = 0;
  const look = (): void => {
    looks += 1;
    for (const name of readdirSync(folder)) {
      if (name === ownFolder) continue;
      const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
      if (size !== undefined && sizes.get(name)?.includes(size) !== true) partial.push(`${name} with ${size} bytes`);
    }
  };
  const looking = (async () => {
    while (!ended.signal.aborted) {
      look();
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    partial,
    looks: () => looks,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await looking;
    },
  };
}
