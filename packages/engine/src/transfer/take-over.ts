import {
  DiskError,
  maxSmallFileBytes,
  type Disk,
  type DiskErrorCode,
  type DiskStat,
  type TemporaryFile,
} from "../ports/disk.ts";
import { statOrUnknown } from "../scan/stat-or-unknown.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { RemoteRecord } from "../state/state-store.ts";

interface TakeOverContext {
  readonly disk: Disk;
  readonly manifests: ManifestStore;
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
}

interface Placement {
  readonly path: string;
  readonly remote: RemoteRecord;
  /** Undefined for a link. */
  readonly temporary?: TemporaryFile;
}

/**
 * Puts something in its place, or finds that it is there already (`isThere`):
 * - What an ignore rule leaves alone is told by no look at the disk. Where such a file or link is in the way of one that the server has, and has the same content, it is that one: most likely it was put there
 *   just before this program was killed. [EN27]
 * - A disk that says that it failed may have done it all the same. What it did and nobody knows of would look like somebody's edit. [EN28]
 *
 * @throws what `place` throws, when it is anything else
 */
export async function placeOrTakeOver(
  context: TakeOverContext,
  placement: Placement,
  place: () => Promise<DiskStat>,
): Promise<{ readonly stat: DiskStat; readonly isThere: boolean }> {
  try {
    return { stat: await place(), isThere: false };
  } catch (error) {
    const there = error instanceof DiskError ? await findThere(context, placement, error.code) : undefined;
    if (there) return { stat: there, isThere: true };
    throw error;
  }
}

async function findThere(
  context: TakeOverContext,
  placement: Placement,
  code: DiskErrorCode,
): Promise<DiskStat | undefined> {
  const { path, remote } = placement;
  if (code === "failed") return findPlaced(context.disk, placement);
  return code === "exists" && context.isIgnored(path, false) ? findSame(context, path, remote) : undefined;
}

/** The stat of what is there, if it is what was to be put there. */
async function findPlaced(disk: Disk, { path, remote, temporary }: Placement): Promise<DiskStat | undefined> {
  const there = await statOrUnknown(disk, path);
  if (there === undefined || there === "unknown") return undefined;
  const isPlaced =
    temporary === undefined
      ? there.type === "link" && there.linkTarget === remote.linkTarget
      : there.inode === temporary.stat.inode &&
        there.modifiedNs === temporary.stat.modifiedNs &&
        there.sizeBytes === temporary.stat.sizeBytes;
  return isPlaced ? there : undefined;
}

/** The stat of what is there, if it is of the same content; undefined when it is not, or can't be told. */
async function findSame(
  { disk, manifests }: TakeOverContext,
  path: string,
  remote: RemoteRecord,
): Promise<DiskStat | undefined> {
  try {
    const there = await disk.stat(path);
    if (there?.type !== remote.type) return undefined;
    if (there.type === "link") return there.linkTarget === remote.linkTarget ? there : undefined;
    if (there.sizeBytes !== remote.sizeBytes || remote.contentHash === null) return undefined;
    const previousChunkCount = manifests.chunkCount(remote.contentHash);
    const file =
      there.sizeBytes <= maxSmallFileBytes
        ? (await disk.reader.readSmall([path]))[0]
        : await disk.reader.cut(path, {
            previousSizeBytes: remote.sizeBytes,
            ...(previousChunkCount !== undefined && { previousChunkCount }),
            onChunks: () => Promise.resolve(),
          });
    return file && !(file instanceof DiskError) && file.versionHash === remote.contentHash ? file.stat : undefined;
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
