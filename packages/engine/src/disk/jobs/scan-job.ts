import { DiskError } from "../../ports/disk.ts";
import { guardedPaths } from "../guarded-path.ts";
import type { JobHandler, JobShape } from "../workers/job.ts";
import { foldersIn, listFolder, type ListingPart } from "./list-folder.ts";

/** Lists a folder, or a whole tree, in batches. */
export interface ScanJob extends JobShape {
  readonly input: { readonly path: string; readonly recursive: boolean };
  /** `ListingPart[]` as JSON, which crosses threads in half the time that so many small objects take. */
  readonly question: string;
  readonly answer: null;
  readonly result: null;
}

/** A batch is told when it has so many entries. */
const batchEntries = 1000;
/** Batches that may lie with the reader before the scan waits. */
const batchesAhead = 4;

export const scanJob: JobHandler<ScanJob> = async ({ path, recursive }, context) => {
  const unread: Promise<null>[] = [];
  const start = checkStart(context.root, path);
  if (start !== undefined) {
    await context.ask(JSON.stringify([start]));
    return null;
  }
  const parts = listTree(context.root, path, recursive);
  for (let batch = takeBatch(parts); batch.length > 0; batch = takeBatch(parts)) {
    const read = context.ask(JSON.stringify(batch));
    // It is awaited below, maybe after another one that fails first.
    read.catch(() => undefined);
    unread.push(read);
    await context.breathe();
    while (unread.length > batchesAhead) await unread.shift();
  }
  while (unread.length > 0) await unread.shift();
  return null;
};

function takeBatch(parts: Generator<ListingPart, void, void>): ListingPart[] {
  const batch: ListingPart[] = [];
  for (let entries = 0; entries < batchEntries;) {
    const { value: part } = parts.next();
    if (!part) break;
    batch.push(part);
    // An empty folder is an entry's worth of work too.
    entries += part.entries.length + 1;
  }
  return batch;
}

/** Parents before what is in them, depth first, so that what is still to be listed stays short. */
function* listTree(root: string, path: string, recursive: boolean): Generator<ListingPart, void, void> {
  const toList = [path];
  for (let next = toList.pop(); next !== undefined; next = toList.pop()) {
    const folders: string[] = [];
    for (const part of listFolder(root, next)) {
      if (recursive) folders.push(...foldersIn(part));
      yield part;
    }
    for (const folder of folders.toReversed()) toList.push(folder);
  }
}

/** A scan doesn't start behind a link: why it can't, or undefined. */
function checkStart(root: string, path: string): ListingPart | undefined {
  try {
    // The guard looks at an entry's parents: that of a name in the folder is the folder itself.
    guardedPaths(root).guard(path === "" ? "" : `${path}/entry`);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { path, entries: [], unreadable: [], problem: error.code === "failed" ? error.message : error.code };
  }
}
