import type { EntryId, VersionHash } from "@satchel/protocol";
import { DiskError, maxSmallFileBytes, type CutFile, type Disk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";
import { settle } from "../books/settle.ts";
import { isSeenAnew, recordOf } from "../scan/observation.ts";
import type { Carry } from "./carry.ts";
import { ChunkUploader } from "./chunk-uploader.ts";
import { groupBySize } from "./group-by-size.ts";
import type { TransferMeter } from "./transfer-meter.ts";

/** The most files, and bytes, that are read in one go. */
const batchBounds = { maxItems: 100, maxBytes: 4 * 1024 * 1024, aloneAboveBytes: maxSmallFileBytes };

export interface IngestContext {
  readonly state: StateStore;
  readonly manifests: ManifestStore;
  readonly disk: Disk;
  readonly server: Server;
  readonly carry: Carry;
  readonly meter: TransferMeter;
  /** Contents whose bytes must travel, although an entry on the server has them. */
  readonly resend: Set<VersionHash>;
  /** The file is not what the local tree says: look again. */
  readonly lookAgain: (path: string) => void;
  readonly onProblem: (id: EntryId, path: string, error: DiskError) => void;
}

/** Files to read in one go: many small ones, or a single large one, which is sent while it is read. */
export function ingestBatches(state: StateStore, ids: readonly EntryId[]): Iterable<EntryId[]> {
  return groupBySize(ids, (id) => state.local.find(id)?.sizeBytes ?? 0, batchBounds);
}

/** Reads a batch, learns the contents, and sees to it that they can be committed: small ones are kept to travel with the commit, the chunks of large ones are sent. */
export async function ingest(context: IngestContext, ids: readonly EntryId[], signal: AbortSignal): Promise<void> {
  const { state } = context;
  const files = ids.flatMap((id) => {
    const record = state.local.find(id);
    const path = state.localPath(id);
    return record && path !== undefined && record.content === "unknown" ? [{ id, record, path }] : [];
  });
  const [first] = files;
  if (first && files.length === 1 && first.record.sizeBytes > maxSmallFileBytes)
    return ingestLarge(context, first, signal);
  const results = await context.disk.reader.readSmall(files.map(({ path }) => path));
  state.transaction(() => {
    for (const [index, file] of files.entries()) {
      const result = results[index];
      if (result) learn(context, file, result);
    }
  });
}

interface IngestedFile {
  readonly id: EntryId;
  readonly record: LocalRecord;
  readonly path: string;
}

/** How the content was cut that this one resembles most: the file's last version, or for a new file another of its size, which it may be a copy of. */
function previousCut(
  { state, manifests }: IngestContext,
  file: IngestedFile,
): { previousSizeBytes: number | null; previousChunkCount?: number } {
  const synced = state.synced.find(file.id);
  const count = synced?.contentHash
    ? manifests.chunkCount(synced.contentHash)
    : manifests.chunkCountOfSize(file.record.sizeBytes);
  const sizeBytes = synced?.sizeBytes ?? file.record.sizeBytes;
  if (count === undefined) return { previousSizeBytes: synced?.sizeBytes ?? null };
  return { previousSizeBytes: sizeBytes, previousChunkCount: count };
}

async function ingestLarge(context: IngestContext, file: IngestedFile, signal: AbortSignal): Promise<void> {
  const { state, disk } = context;
  const uploader = new ChunkUploader(context, file.path);
  let result: CutFile | DiskError;
  try {
    result = await disk.reader.cut(file.path, {
      ...previousCut(context, file),
      signal,
      onChunks: (chunks) => uploader.offer(chunks),
    });
    await uploader.finish();
  } catch (error) {
    await uploader.settle();
    if (!(error instanceof DiskError)) throw error;
    result = error;
  }
  state.transaction(() => learn(context, file, result));
}

/** Writes down what a file was found to contain, if it is still the one that was asked for. */
function learn(context: IngestContext, file: IngestedFile, result: CutFile | DiskError): void {
  const { state, manifests, carry } = context;
  const record = state.local.find(file.id);
  if (!record || state.localPath(file.id) !== file.path) return;
  if (result instanceof DiskError) {
    if (result.code === "changed" || result.code === "gone") context.lookAgain(file.path);
    else context.onProblem(file.id, file.path, result);
    return;
  }
  if (record.inode !== result.stat.inode || record.type !== result.stat.type || record.parentId === null) {
    context.lookAgain(file.path);
    return;
  }
  if (isSeenAnew(record, file.record.fingerprint, result.stat)) context.lookAgain(file.path);
  manifests.keep(result.versionHash, result.packedChunks);
  const isThere = state.serverHasContent(result.versionHash) || state.serverHadContent(result.versionHash);
  const mustSend = context.resend.delete(result.versionHash) || !isThere;
  if (result.bytes && result.bytes.length > 0 && mustSend) carry.put(result.versionHash, result.bytes);
  const read = recordOf(record, { id: record.id, parentId: record.parentId, name: record.name }, result.stat);
  state.local.put({ ...read, content: "known", contentHash: result.versionHash });
  settle(state, file.id);
}
