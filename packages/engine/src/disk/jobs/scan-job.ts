import type { ScannedFolder } from "../../ports/disk.ts";
import { DiskError } from "../../ports/disk.ts";
import { guardedPaths } from "../guarded-path.ts";
import type { JobHandler, JobShape } from "../workers/job.ts";
import { foldersIn, listFolder } from "./list-folder.ts";

/** Lists a folder, or a whole tree, in batches. */
export interface ScanJob extends JobShape {
  readonly input: { readonly path: string; readonly recursive: boolean };
  /** `ScannedFolder[]` as JSON, which crosses threads in half the time that so many small objects take. */
  readonly question: string;
  readonly answer: null;
  readonly result: null;
}

/** A batch is told when it has so many entries (folders with more come alone). */
const batchEntries = 1000;
/** Batches that may lie with the reader before the scan waits. */
const batchesAhead = 4;

export const scanJob: JobHandler<ScanJob> = async ({ path, recursive }, context) => {
  const toList = [path];
  const unread: Promise<null>[] = [];
  const start = checkStart(context.root, path);
  if (start !== undefined) {
    await context.ask(JSON.stringify([start]));
    return null;
  }
  while (toList.length > 0) {
    const batch = listBatch(context.root, toList, recursive);
    const read = context.ask(JSON.stringify(batch));
    // It is awaited below, maybe after another one that fails first.
    read.catch(() => undefined);
    unread.push(read);
    await context.breathe();
    while (unread.length > batchesAhead || (unread.length > 0 && toList.length === 0)) await unread.shift();
  }
  return null;
};

/** Lists from the end of `toList`, which grows by what is found: depth first, so it stays short. */
function listBatch(root: string, toList: string[], recursive: boolean): ScannedFolder[] {
  const batch: ScannedFolder[] = [];
  let entries = 0;
  for (let path = toList.pop(); path !== undefined; path = entries < batchEntries ? toList.pop() : undefined) {
    const listing = listFolder(root, path);
    batch.push(listing);
    // An empty folder is an entry's worth of work too.
    entries += listing.entries.length + 1;
    if (recursive) toList.push(...foldersIn(listing).toReversed());
  }
  return batch;
}

/** A scan doesn't start behind a link: why it can't, or undefined. */
function checkStart(root: string, path: string): ScannedFolder | undefined {
  try {
    // The guard looks at an entry's parents: that of a name in the folder is the folder itself.
    guardedPaths(root).guard(path === "" ? "" : `${path}/entry`);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { path, entries: [], unreadable: [], problem: error.code === "failed" ? error.message : error.code };
  }
}
