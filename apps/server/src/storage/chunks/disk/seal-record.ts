import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto";
import type { ChunkBytes } from "../chunk-store.ts";
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

/** A record ready to be written. */
export interface SealedRecord {
  /** To be written one after the other. */
  readonly parts: readonly Uint8Array[];
  readonly storedBytes: number;
}

/** Compresses where it pays and encrypts a chunk. */
export function sealRecord(keys: DataKeys, { hash, bytes }: ChunkBytes): SealedRecord {
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
  const stored = cipher.update(plain);
  cipher.final();
  finishRecordHeader(header, nonce, cipher.getAuthTag());
  return { parts: [header, stored], storedBytes: stored.byteLength };
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
