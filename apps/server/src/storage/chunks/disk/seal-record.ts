import { createCipheriv, createDecipheriv, randomFillSync, type CipherGCM } from "node:crypto";
import type { ChunkBytes } from "../chunk-store.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { compressChunk, decompressChunk } from "./compress-chunk.ts";
import type { DataKeys } from "./data-keys.ts";
import {
  authenticatedBytes,
  finishRecordHeader,
  nonceBytes,
  parseRecordHeader,
  recordHeaderBytes,
  startRecordHeader,
  tagBytes,
  type RecordHeader,
} from "./record-format.ts";

const algorithm = "aes-256-gcm";
/** Random nonces are drawn many at a time: one system call serves 1024 chunks. */
const noncePool = Buffer.alloc(nonceBytes * 1024);
let noncesUsed = noncePool.length;

/** From this size on a record is made in a buffer of the pool; the memory of smaller ones is reused by the allocator as it is. */
const minPooledBytes = 64 * 1024;
/** Encrypted at a time, so that the cipher's own output stays small and its memory is used again. */
const pieceBytes = 64 * 1024;

/** A record ready to be written. */
export interface SealedRecord {
  /** To be written one after the other. */
  readonly parts: readonly Uint8Array[];
  readonly storedBytes: number;
  /** What goes back to the pool when the parts are written. */
  readonly pooled: Buffer | undefined;
}

/** Compresses where it pays and encrypts a chunk. */
export function sealRecord(keys: DataKeys, pool: BufferPool, { hash, bytes }: ChunkBytes): SealedRecord {
  const compressed = compressChunk(bytes);
  const plain = compressed ?? bytes;
  const header = startRecordHeader({
    compressed: compressed !== undefined,
    keyNumber: keys.current,
    plainBytes: bytes.byteLength,
    storedBytes: plain.byteLength,
    hash,
  });
  const nonce = nextNonce();
  const cipher = createCipheriv(algorithm, keys.get(keys.current), nonce);
  cipher.setAAD(header.subarray(0, authenticatedBytes));
  const pooled = plain.byteLength < minPooledBytes ? undefined : pool.take(plain.byteLength);
  const stored = pooled === undefined ? cipher.update(plain) : encryptInto(cipher, plain, pooled);
  cipher.final();
  finishRecordHeader(header, nonce, cipher.getAuthTag());
  return { parts: [header, stored], storedBytes: stored.byteLength, pooled };
}

function encryptInto(cipher: CipherGCM, plain: Uint8Array, target: Buffer): Buffer {
  for (let at = 0; at < plain.byteLength; at += pieceBytes)
    target.set(cipher.update(plain.subarray(at, at + pieceBytes)), at);
  return target.subarray(0, plain.byteLength);
}

/**
 * The header and plaintext of the record at the start of `record`, or undefined when it is not whole and authentic.
 * The tag covers hash and sizes, and only this store has the key: so what opens is what `put` verified, without hashing it again.
 */
export function openRecord(
  keys: DataKeys,
  record: Buffer,
): { readonly header: RecordHeader; readonly plain: Buffer } | undefined {
  const header = parseRecordHeader(record);
  if (header === undefined || record.length < recordHeaderBytes + header.storedBytes) return undefined;
  const key = keys.find(header.keyNumber);
  if (key === undefined) return undefined;
  const tagAt = authenticatedBytes + nonceBytes;
  const decipher = createDecipheriv(algorithm, key, record.subarray(authenticatedBytes, tagAt), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(record.subarray(0, authenticatedBytes));
  decipher.setAuthTag(record.subarray(tagAt, tagAt + tagBytes));
  const stored = decipher.update(record.subarray(recordHeaderBytes, recordHeaderBytes + header.storedBytes));
  try {
    decipher.final();
    return { header, plain: header.compressed ? decompressChunk(stored, header.plainBytes) : stored };
  } catch {
    return undefined;
  }
}

function nextNonce(): Buffer {
  if (noncesUsed === noncePool.length) {
    randomFillSync(noncePool);
    noncesUsed = 0;
  }
  noncesUsed += nonceBytes;
  return noncePool.subarray(noncesUsed - nonceBytes, noncesUsed);
}
