import { hash as cryptoHash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decodeManifest, packedChunkBytes, type ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, VersionHash } from "@satchel/protocol";

/** Where a chunk is in a content that the local tree may have. */
export interface ChunkPlace {
  readonly contentHash: VersionHash;
  readonly offset: number;
}

/** Chunk lists of a single chunk that are kept at hand before they go to their table. */
const maxAtHand = 20_000;

/** The chunk lists of contents that are being transferred, or that are long enough to find chunks in. */
export class ManifestStore {
  /** Of contents of a single chunk, which are short-lived: most are settled before they would be written. What a crash takes along is read, or asked for, again. [EN32] */
  readonly #atHand = new Map<VersionHash, Uint8Array>();
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #drop: StatementSync;
  readonly #index: StatementSync;
  readonly #places: StatementSync;
  readonly #bySize: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare("INSERT OR IGNORE INTO manifest (content_hash, packed) VALUES (?, ?)");
    this.#find = database.prepare("SELECT packed FROM manifest WHERE content_hash = ?");
    this.#drop = database.prepare("DELETE FROM manifest WHERE content_hash = ?");
    this.#index = database.prepare("INSERT OR IGNORE INTO chunk (hash, content_hash, offset) VALUES (?, ?, ?)");
    this.#places = database.prepare("SELECT content_hash, offset FROM chunk WHERE hash = ? LIMIT 8");
    // The bound is that of the index, which large files are in.
    this.#bySize = database.prepare(
      "SELECT length(packed) AS bytes FROM local JOIN manifest USING (content_hash) WHERE size = ? AND size > 65536 AND known = 1 LIMIT 1",
    );
  }

  keep(contentHash: VersionHash, packed: Uint8Array): void {
    if (packed.length > packedChunkBytes) this.#put.run(contentHash, packed);
    else this.#keepAtHand(contentHash, packed);
  }

  #keepAtHand(contentHash: VersionHash, packed: Uint8Array): void {
    this.#atHand.set(contentHash, packed.slice());
    if (this.#atHand.size <= maxAtHand) return;
    for (const [oldest, bytes] of this.#atHand) {
      this.#put.run(oldest, bytes);
      this.#atHand.delete(oldest);
      break;
    }
  }

  findPacked(contentHash: VersionHash): Uint8Array | undefined {
    const atHand = this.#atHand.get(contentHash);
    if (atHand) return atHand;
    const packed = this.#find.get(contentHash)?.packed as Uint8Array | undefined;
    return packed ?? (contentHash === emptyContentHash ? new Uint8Array() : undefined);
  }

  find(contentHash: VersionHash): ManifestChunk[] | undefined {
    const packed = this.findPacked(contentHash);
    return packed && decodeManifest(packed);
  }

  /** How many chunks a content was cut into; undefined when that is not known any more. */
  chunkCount(contentHash: VersionHash): number | undefined {
    const packed = this.findPacked(contentHash);
    return packed && packed.length / packedChunkBytes;
  }

  /** How many chunks a large file of exactly this size was cut into: one that is new here may be its copy. */
  chunkCountOfSize(sizeBytes: number): number | undefined {
    const bytes = this.#bySize.get(sizeBytes)?.bytes as number | undefined;
    return bytes === undefined ? undefined : bytes / packedChunkBytes;
  }

  /**
   * The content is on the disk and on the server. A long manifest stays, so that other files can be put together from its chunks; one of a single chunk
   * can be told from the chunk's hash alone, and goes.
   */
  becameLocal(contentHash: VersionHash): void {
    if (this.#atHand.delete(contentHash)) return;
    const packed = this.#find.get(contentHash)?.packed as Uint8Array | undefined;
    if (!packed) return;
    if (packed.length <= packedChunkBytes) {
      this.#drop.run(contentHash);
      return;
    }
    let offset = 0;
    for (const chunk of decodeManifest(packed)) {
      this.#index.run(chunk.hash, contentHash, offset);
      offset += chunk.sizeBytes;
    }
  }

  /** Contents that have this chunk, and where. */
  placesOf(chunk: ChunkHash): ChunkPlace[] {
    const found = this.#places
      .all(chunk)
      .map((row) => ({ contentHash: row.content_hash as VersionHash, offset: row.offset as number }));
    return [...found, { contentHash: singleChunkContentHash(chunk), offset: 0 }];
  }
}

/** The version hash of an empty file: SHA-256 of nothing. */
export const emptyContentHash = cryptoHash("sha256", "") as VersionHash;

/** The version hash of a file that is one chunk. */
export function singleChunkContentHash(chunk: ChunkHash): VersionHash {
  return cryptoHash("sha256", Buffer.from(chunk, "hex")) as VersionHash;
}
