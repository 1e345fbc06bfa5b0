import { minimumSizeBytes } from "@satchel/chunking";
import { openChunker, sha256 } from "./open-chunker.ts";
import { createPackedChunkList, type PackedChunkList } from "./packed-chunks.ts";

/** Cuts what is in memory. Small files are cut at the finest level, whatever they were before: so equal contents have equal chunks. */
export function cutBytes(bytes: Uint8Array<ArrayBuffer>): ReturnType<PackedChunkList["finish"]> {
  const list = createPackedChunkList();
  if (bytes.length > minimumSizeBytes) cutInto(list, bytes);
  else if (bytes.length > 0) list.add(sha256(bytes), bytes.length);
  return list.finish();
}

function cutInto(list: PackedChunkList, bytes: Uint8Array<ArrayBuffer>): void {
  const { chunker, close } = openChunker();
  let at = 0;
  const read = (target: Uint8Array<ArrayBuffer>): number => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  for (const chunk of chunker.cutSync({ read, level: 0, hash: sha256 })) list.add(chunk.hash, chunk.sizeBytes);
  close();
}
