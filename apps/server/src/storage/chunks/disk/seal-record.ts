import {
  createCipheriv,
  createDecipheriv,
  randomFillSync,
  type Cipheriv,
  type DecipherGCM,
  type Decipheriv,
} from "node:crypto";
import type { ChunkBytes } from "../chunk-store.ts";
import { releaseBytes } from "../../../memory/release-bytes.ts";
import { compressChunk, decompressChunk } from "./compress-chunk.ts";
import type { DataKeys } from "./data-keys.ts";
import {
  authenticatedBytes,
  finishRecordHeader,
  nonceBytes,
  parseRecordHeader,
  recordBytes,
  recordHeaderBytes,
  startRecordHeader,
  tagBytes,
  type RecordHeader,
} from "./record-format.ts";

const algorithm = "aes-256-gcm";
/** Random nonces are drawn many at a time: one system call serves 1024 chunks. */
const noncePool = Buffer.alloc(nonceBytes * 1024);
let noncesUsed = noncePool.length;

/**
 * So much is encrypted or decrypted at one time. OpenSSL's result is a new buffer each time: one of this size lies in the processor's cache, and is memory that malloc gave out before; one as
 * large as a chunk would be pages that nobody has touched yet, which cost more than the encryption.
 */
const stepBytes = 64 * 1024;

/** A record ready to be written. */
export interface SealedRecord {
  readonly record: Uint8Array;
  readonly storedBytes: number;
}

/** Compresses where it pays and encrypts a chunk. The record is put at the start of `memory`, which has room for the chunk and a record's header. */
export function sealRecord(keys: DataKeys, { hash, bytes }: ChunkBytes, memory: Uint8Array): SealedRecord {
  const compressed = compressChunk(bytes);
  const plain = compressed ?? bytes;
  const record = memory.subarray(0, recordBytes(plain.byteLength));
  const header = Buffer.from(record.buffer, record.byteOffset, recordHeaderBytes);
  startRecordHeader(header, {
    compressed: compressed !== undefined,
    keyNumber: keys.current,
    plainBytes: bytes.byteLength,
    storedBytes: plain.byteLength,
    hash,
  });
  const nonce = nextNonce();
  const cipher = createCipheriv(algorithm, keys.get(keys.current), nonce);
  cipher.setAAD(header.subarray(0, authenticatedBytes));
  transform(cipher, plain, record.subarray(recordHeaderBytes));
  cipher.final();
  finishRecordHeader(header, nonce, cipher.getAuthTag());
  return { record, storedBytes: plain.byteLength };
}

/** Lets a stream cipher's bytes of `from` come to lie in `into`, step by step. */
function transform(cipher: Cipheriv | Decipheriv, from: Uint8Array, into: Uint8Array): void {
  for (let at = 0; at < from.length; at += stepBytes) {
    const step = cipher.update(from.subarray(at, at + stepBytes));
    into.set(step, at);
    releaseBytes(step);
  }
}

/**
 * The header and plaintext of the record at the start of `record`, or undefined when it is not whole and authentic.
 * The tag covers hash and sizes, and only this store has the key: so what opens is what `put` verified, without hashing it again.
 * The plaintext is put at the start of `memory` if it fits there, else into memory of its own.
 */
export function openRecord(
  keys: DataKeys,
  record: Buffer,
  memory: Uint8Array = noMemory,
): { readonly header: RecordHeader; readonly plain: Uint8Array } | undefined {
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
  const stored = record.subarray(recordHeaderBytes, recordBytes(header.storedBytes));
  const into = header.plainBytes <= memory.length ? memory.subarray(0, header.plainBytes) : undefined;
  try {
    return {
      header,
      plain: header.compressed ? unpack(decipher, stored, header, into) : decrypt(decipher, stored, into),
    };
  } catch {
    return undefined;
  }
}

const noMemory = new Uint8Array();

/** @throws when the bytes are not authentic */
function decrypt(decipher: DecipherGCM, stored: Uint8Array, into: Uint8Array | undefined): Uint8Array {
  const plain = into ?? decipher.update(stored);
  if (into !== undefined) transform(decipher, stored, into);
  decipher.final();
  return plain;
}

/** @throws when the bytes are not authentic, or not zstd */
function unpack(
  decipher: DecipherGCM,
  stored: Uint8Array,
  { plainBytes }: RecordHeader,
  into: Uint8Array | undefined,
): Uint8Array {
  const packed = decipher.update(stored);
  decipher.final();
  const plain = decompressChunk(packed, plainBytes);
  if (into === undefined) return plain;
  into.set(plain);
  return into;
}

function nextNonce(): Buffer {
  if (noncesUsed === noncePool.length) {
    randomFillSync(noncePool);
    noncesUsed = 0;
  }
  noncesUsed += nonceBytes;
  return noncePool.subarray(noncesUsed - nonceBytes, noncesUsed);
}
