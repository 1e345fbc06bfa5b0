import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStore } from "../chunk-store.ts";
import { RecentChunks, type RecentChunksBounds } from "./recent-chunks.ts";

/** Some seconds of a device's first upload: the others ask for what it sent a second ago. */
const defaultBounds: RecentChunksBounds = { maxBytes: 12 * 1024 * 1024, maxChunkBytes: 256 * 1024, idleMs: 5000 };

/**
 * The same store, which answers from memory for small chunks that were just put: the other devices of an account ask for them within a second or two, and looking up, reading and decrypting each again costs the server a
 * tenth of all that a first sync of many small files takes. Each holder is answered only what it put itself: else the time would tell what others do. [CS36]
 */
export function withRecentChunks(store: ChunkStore, bounds: RecentChunksBounds = defaultBounds): ChunkStore {
  const recent = new RecentChunks(bounds);
  const remembering: { [Key in keyof Required<ChunkStore>]: ChunkStore[Key] } = {
    direct: store.direct,
    isOwn: store.isOwn?.bind(store),
    async put(chunks, behalf) {
      const show = behalf && recent.take(chunks, behalf.holder);
      await store.put(chunks, behalf);
      show?.();
    },
    async get(hashes, into, holder) {
      if (holder === undefined) return store.get(hashes, into);
      const found = copyRecent((hash) => recent.find(hash, holder), hashes, into);
      if (found.plains.size === 0) return store.get(hashes, into, holder);
      const others = hashes.filter((hash) => !found.plains.has(hash));
      const read = others.length > 0 ? await store.get(others, found.room, holder) : [];
      let at = 0;
      return hashes.map((hash) => found.plains.get(hash) ?? read[at++]);
    },
    has: (hashes) => store.has(hashes),
    touch: (hashes) => store.touch(hashes),
    list: (page) => store.list(page),
    async removeUntouchedSince(request) {
      const removed = await store.removeUntouchedSince(request);
      recent.forget(removed);
      return removed;
    },
    compact: () => store.compact(),
    statistics: () => store.statistics(),
    failure: () => store.failure(),
    close() {
      recent.clear();
      return store.close();
    },
  };
  return remembering;
}

/** Copies of those that are at hand, in the memory as far as they fit, side by side; and the room that is left in it. */
function copyRecent(
  find: (hash: ChunkHash) => Uint8Array | undefined,
  hashes: readonly ChunkHash[],
  into: Uint8Array<SharedArrayBuffer> | undefined,
): { readonly plains: ReadonlyMap<ChunkHash, Uint8Array>; readonly room: Uint8Array<SharedArrayBuffer> | undefined } {
  const plains = new Map<ChunkHash, Uint8Array>();
  let room = into;
  for (const hash of hashes) {
    const kept = plains.has(hash) ? undefined : find(hash);
    if (kept === undefined) continue;
    if (room === undefined || room.length < kept.length) plains.set(hash, Uint8Array.from(kept));
    else {
      room.set(kept);
      plains.set(hash, room.subarray(0, kept.length));
      room = room.subarray(kept.length);
    }
  }
  return { plains, room };
}
