import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ownFolder } from "../../e2e/support/stage.ts";
import { sharedFolder } from "./shared-logs.ts";
import { hasWholeLines, isWhole } from "./stamped-content.ts";

/** A reader that goes through synced folders all the time, as a person with an open file manager does. */
export interface TornFiles extends AsyncDisposable {
  /** Files that were seen incomplete or mixed, a sentence each. */
  readonly torn: readonly string[];
  /** Files that were read. */
  reads(): number;
}

const LOOK_EVERY_MS = 4;
/** Versions of files that are remembered as read, so that only what is new is read; then it begins anew. */
const MAX_REMEMBERED = 50_000;

/** Reads every file as soon as it changed, in all these folders, until disposed. */
export function watchForTornFiles(folders: readonly string[]): TornFiles {
  const torn: string[] = [];
  const known = new Set<string>();
  const ended = new AbortController();
  let reads = 0;
  const readFile = (path: string): void => {
    try {
      const { ino, size, ctimeNs } = lstatSync(path, { bigint: true });
      const version = `${ino} ${size} ${ctimeNs}`;
      if (known.has(version)) return;
      const content = readFileSync(path);
      reads += 1;
      const whole = path.includes(`/${sharedFolder}/`) ? hasWholeLines(content) : isWhole(content);
      if (!whole) torn.push(`${path} with ${content.length} bytes, inode ${ino}`);
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.add(version);
    } catch (error) {
      // Moved or deleted since it was listed.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  };
  const look = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || entry.parentPath.includes(`/${ownFolder}`)) continue;
      readFile(join(entry.parentPath, entry.name));
    }
  };
  const looking = (async () => {
    while (!ended.signal.aborted) {
      for (const folder of folders) {
        try {
          look(folder);
        } catch (error) {
          // A folder that went while it was listed.
          if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
        }
        await sleep(LOOK_EVERY_MS);
      }
    }
  })();
  return {
    torn,
    reads: () => reads,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await looking;
    },
  };
}
