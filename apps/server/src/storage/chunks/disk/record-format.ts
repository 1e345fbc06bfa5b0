import { crc32 } from "node:zlib";
import { maxChunkSizeBytes } from "@satchel/chunking";
import type { ChunkHash } from "@satchel/protocol";

/*
 * A pack file is a 32-byte pack header (8 bytes "SATPACK1", 16 random bytes of identity, 8 zero bytes), then records to its end.
 * A record is this header and then the stored bytes; integers are little-endian (docs/spec/chunk-store.md, [CS20]):
 *
 *    0  4  magic "SCR1"
 *    4  1  flags: 1 = the stored bytes are zstd inside the encryption; other bits are 0
 *    5  3  zero
 *    8  4  number of the data key
 *   12  4  size of the plaintext
 *   16  4  size of the stored bytes, never above the plaintext's
 *   20 32  SHA-256 of the plaintext
 *   52 12  AES-GCM nonce
 *   64 16  AES-GCM tag over the stored bytes, with bytes 0–51 as additional data
 *   80  4  CRC-32 of bytes 0–79, so that a scan trusts the sizes before it reads on
 */
export const packMagic = Buffer.from("SATPACK1", "latin1");
export const packHeaderBytes = 32;
export const packIdentityBytes = 16;
export const recordMagic = Buffer.from("SCR1", "latin1");
export const recordHeaderBytes = 84;
export const nonceBytes = 12;
export const tagBytes = 16;
/** How much of a record's header is authenticated with the stored bytes. */
export const authenticatedBytes = 52;
/** The longest record: nothing is stored larger than its plaintext. */
export const maxRecordBytes = recordHeaderBytes + maxChunkSizeBytes;

const zstdFlag = 1;
const crcAt = 80;

export interface RecordHeader {
  readonly compressed: boolean;
  readonly keyNumber: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  readonly hash: ChunkHash;
}

/** The identity in a pack's header. */
export function packIdentity(header: Buffer): Buffer {
  return Buffer.from(header.subarray(packMagic.length, packMagic.length + packIdentityBytes));
}

export function encodePackHeader(identity: Uint8Array): Buffer {
  const header = Buffer.alloc(packHeaderBytes);
  packMagic.copy(header);
  header.set(identity, packMagic.length);
  return header;
}

/** Writes a header with everything but nonce, tag and checksum: what the encryption authenticates. */
export function startRecordHeader(header: Buffer, record: RecordHeader): void {
  header.fill(0);
  recordMagic.copy(header);
  header[4] = record.compressed ? zstdFlag : 0;
  header.writeUInt32LE(record.keyNumber, 8);
  header.writeUInt32LE(record.plainBytes, 12);
  header.writeUInt32LE(record.storedBytes, 16);
  header.write(record.hash, 20, "hex");
}

/** Puts nonce, tag and checksum in. */
export function finishRecordHeader(header: Buffer, nonce: Uint8Array, tag: Uint8Array): void {
  header.set(nonce, authenticatedBytes);
  header.set(tag, authenticatedBytes + nonceBytes);
  header.writeUInt32LE(crc32(header.subarray(0, crcAt)), crcAt);
}

/** The header at the start of `bytes`, or undefined when none is there: too short, another magic, a wrong checksum or impossible sizes. */
export function parseRecordHeader(bytes: Buffer): RecordHeader | undefined {
  if (bytes.length < recordHeaderBytes || !bytes.subarray(0, recordMagic.length).equals(recordMagic)) return undefined;
  if (crc32(bytes.subarray(0, crcAt)) !== bytes.readUInt32LE(crcAt)) return undefined;
  const plainBytes = bytes.readUInt32LE(12);
  const storedBytes = bytes.readUInt32LE(16);
  if (plainBytes < 1 || plainBytes > maxChunkSizeBytes || storedBytes < 1 || storedBytes > plainBytes) return undefined;
  return {
    compressed: ((bytes[4] ?? 0) & zstdFlag) !== 0,
    keyNumber: bytes.readUInt32LE(8),
    plainBytes,
    storedBytes,
    hash: bytes.toString("hex", 20, 52) as ChunkHash,
  };
}

/** The bytes that a record takes in its pack. */
export function recordBytes(storedBytes: number): number {
  return recordHeaderBytes + storedBytes;
}
