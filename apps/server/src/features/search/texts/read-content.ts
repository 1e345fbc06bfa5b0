import { decodeManifest } from "@satchel/chunking";
import { workspaceOfEntry, type EntryId, type VersionHash } from "@satchel/protocol";
import { maxChunksPerCall } from "../../../storage/chunks/chunk-store.ts";
import type { TreeStore } from "../../../storage/metadata/tree-store.ts";
import type { ChunkTransfer } from "../../chunks/chunk-transfer.ts";

export interface ReadContentParts {
  readonly tree: TreeStore;
  readonly transfer: Pick<ChunkTransfer, "read">;
}

/** The first bytes of a version of a file, all chunks that they lie in; null where those are too many, undefined where the file has another version by now, or is gone. @throws content_damaged */
export async function readContent(
  { tree, transfer }: ReadContentParts,
  wanted: { readonly id: EntryId; readonly content: VersionHash; readonly neededBytes: number },
): Promise<Uint8Array | null | undefined> {
  const found = await tree.findEntry(wanted.id);
  if (!found || found.entry.deleted || found.entry.version_hash !== wanted.content) return undefined;
  let sizeBytes = 0;
  const hashes = decodeManifest(found.packedChunks)
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
