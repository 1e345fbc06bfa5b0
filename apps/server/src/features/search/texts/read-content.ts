import type { Manifest } from "@satchel/chunking";
import { workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { maxChunksPerCall } from "../../../storage/chunks/chunk-store.ts";
import type { ChunkTransfer } from "../../chunks/chunk-transfer.ts";

export type ReadChunks = Pick<ChunkTransfer, "read">;

/** Beginnings that are fetched together: one question for so many bytes. */
const maxBytesAtOnce = 4 * 1024 * 1024;

/** The first bytes of a content, all chunks that they lie in; null where those are too many. @throws content_damaged */
export async function readContent(
  transfer: ReadChunks,
  wanted: { readonly id: EntryId; readonly manifest: Manifest; readonly neededBytes: number },
): Promise<Uint8Array | null> {
  let sizeBytes = 0;
  const hashes = wanted.manifest
    .filter((chunk) => {
      const isNeeded = sizeBytes < wanted.neededBytes;
      sizeBytes += chunk.sizeBytes;
      return isNeeded;
    })
    .map(({ hash }) => hash);
  // As a program of ours cuts files, it is some hundred: nobody needs to find a file that is cut into dust.
  if (hashes.length > maxChunksPerCall) return null;
  return Buffer.concat(hashes.length === 0 ? [] : await transfer.read(workspaceOfEntry(wanted.id), hashes)).subarray(
    0,
    wanted.neededBytes,
  );
}

/** The first chunks of these contents, some at a time. What can't be had together isn't answered: each for itself tells why. */
export async function* readBeginnings(
  transfer: ReadChunks,
  contents: Iterable<readonly [EntryId, Manifest]>,
): AsyncGenerator<readonly [EntryId, Uint8Array]> {
  for (const { workspaceId, firsts } of together(contents)) {
    const read = await transfer
      .read(
        workspaceId,
        firsts.map(({ hash }) => hash),
      )
      .catch(() => []);
    for (const [index, bytes] of read.entries()) {
      const first = firsts[index];
      if (first) yield [first.id, bytes];
    }
  }
}

interface First {
  readonly id: EntryId;
  readonly hash: Manifest[number]["hash"];
}

function* together(
  contents: Iterable<readonly [EntryId, Manifest]>,
): Generator<{ readonly workspaceId: WorkspaceId; readonly firsts: readonly First[] }> {
  for (const [workspaceId, own] of Map.groupBy(contents, ([id]) => workspaceOfEntry(id))) {
    let [firsts, sizeBytes]: [First[], number] = [[], 0];
    for (const [id, [first]] of own) {
      if (!first) continue;
      if (sizeBytes > 0 && sizeBytes + first.sizeBytes > maxBytesAtOnce) {
        yield { workspaceId, firsts };
        [firsts, sizeBytes] = [[], 0];
      }
      firsts.push({ id, hash: first.hash });
      sizeBytes += first.sizeBytes;
    }
    if (firsts.length > 0) yield { workspaceId, firsts };
  }
}
