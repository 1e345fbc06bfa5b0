import { DiskError, maxSmallFileBytes, type Disk, type DiskStat } from "../ports/disk.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { RemoteRecord } from "../state/state-store.ts";

interface TakeOverContext {
  readonly disk: Disk;
  readonly manifests: ManifestStore;
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
}

/**
 * Puts something where nothing is expected, or finds that it is there already (`isThere`). What an ignore rule leaves alone is told by no look at the disk. Where such a file or link is in the way of one that the server has, and has the same content, it is that one: most likely it was put there just
 * before this program was killed. [EN27] @throws what `place` throws, when it is anything else
 */
export async function placeOrTakeOver(
  context: TakeOverContext,
  { path, remote }: { readonly path: string; readonly remote: RemoteRecord },
  place: () => Promise<DiskStat>,
): Promise<{ readonly stat: DiskStat; readonly isThere: boolean }> {
  try {
    return { stat: await place(), isThere: false };
  } catch (error) {
    const isTaken = error instanceof DiskError && error.code === "exists" && context.isIgnored(path, false);
    const there = isTaken ? await findSame(context, path, remote) : undefined;
    if (there) return { stat: there, isThere: true };
    throw error;
  }
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
