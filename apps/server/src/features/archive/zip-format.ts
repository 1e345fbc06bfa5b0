/**
 * The records of a zip file (PKWARE APPNOTE 6.3.10) whose contents are stored as they are: sizes are known before, the CRC follows each content in a
 * descriptor.
 */
export interface ZipRecord {
  readonly name: Buffer;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  readonly modified: Date;
  /** As Unix has it, with its kind: `0o100644`. */
  readonly mode: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** From here on a number stands in a zip64 field of 64 bits, and this in its own place. */
const full32 = 0xff_ff_ff_ff;
const full16 = 0xff_ff;
const utf8Names = 0x08_00;
const crcFollows = 0x00_08;
/** Version 4.5 of the format, for zip64; 2.0 otherwise. */
const needsZip64 = 45;
const needsFolders = 20;
/** Made on Unix, by version 6.3. */
const madeBy = (3 << 8) | 63;
const localBytes = 30;
const centralBytes = 46;
const timestampBytes = 9;
const zip64Bytes = 28;

/** What is written for an entry besides its content, in bytes: before it, behind it and in the directory at the end. */
export function recordBytes(record: ZipRecord): { readonly around: number; readonly central: number } {
  const { name } = record;
  const descriptor = hasDescriptor(record) ? (isLarge(record) ? 24 : 16) : 0;
  const central = centralBytes + name.length + timestampBytes + (isLarge(record) ? zip64Bytes : 0);
  return { around: localBytes + name.length + descriptor, central };
}

export function localHeader(record: ZipRecord): Buffer {
  const header = Buffer.alloc(localBytes);
  header.writeUInt32LE(0x04_03_4b_50, 0);
  writeCommon(header, 4, record);
  header.writeUInt16LE(record.name.length, 26);
  return Buffer.concat([header, record.name]);
}

/** Behind a content; empty for what has none. */
export function descriptor(record: ZipRecord, crc: number): Buffer {
  if (!hasDescriptor(record)) return Buffer.alloc(0);
  const { sizeBytes } = record;
  const bytes = Buffer.alloc(isLarge(record) ? 24 : 16);
  bytes.writeUInt32LE(0x08_07_4b_50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (isLarge(record)) {
    bytes.writeBigUInt64LE(BigInt(sizeBytes), 8);
    bytes.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    bytes.writeUInt32LE(sizeBytes, 8);
    bytes.writeUInt32LE(sizeBytes, 12);
  }
  return bytes;
}

/** The entry's part of the directory at the end. */
export function centralHeader(record: ZipRecord, crc: number): Buffer {
  const { name, sizeBytes, offset, mode, isFolder, modified } = record;
  const large = isLarge(record);
  const extra = Buffer.alloc(timestampBytes + (large ? zip64Bytes : 0));
  // Info-ZIP's universal time: seconds in UTC, which the time of DOS, of no zone, can't tell.
  extra.writeUInt16LE(0x54_55, 0);
  extra.writeUInt16LE(5, 2);
  extra.writeUInt8(1, 4);
  extra.writeInt32LE(unixSeconds(modified), 5);
  if (large) {
    extra.writeUInt16LE(1, timestampBytes);
    extra.writeUInt16LE(24, timestampBytes + 2);
    const values = [sizeBytes, sizeBytes, offset];
    values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), timestampBytes + 4 + index * 8));
  }
  const header = Buffer.alloc(centralBytes);
  header.writeUInt32LE(0x02_01_4b_50, 0);
  header.writeUInt16LE(madeBy, 4);
  writeCommon(header, 6, record);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(large ? full32 : sizeBytes, 20);
  header.writeUInt32LE(large ? full32 : sizeBytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  // For Unix the mode, for DOS whether it is a folder.
  header.writeUInt32LE(((mode << 16) | (isFolder ? 0x10 : 0)) >>> 0, 38);
  header.writeUInt32LE(large ? full32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** What ends the file: where the directory is. */
export function endOfDirectory({ entries, offset, sizeBytes }: Directory): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06_05_4b_50, 0);
  end.writeUInt16LE(Math.min(entries, full16), 8);
  end.writeUInt16LE(Math.min(entries, full16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, full32), 12);
  end.writeUInt32LE(Math.min(offset, full32), 16);
  if (entries < full16 && offset < full32 && sizeBytes < full32) return end;
  const large = Buffer.alloc(56 + 20);
  large.writeUInt32LE(0x06_06_4b_50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE(madeBy, 12);
  large.writeUInt16LE(needsZip64, 14);
  const values = [entries, entries, sizeBytes, offset];
  values.forEach((value, index) => large.writeBigUInt64LE(BigInt(value), 24 + index * 8));
  large.writeUInt32LE(0x07_06_4b_50, 56);
  large.writeBigUInt64LE(BigInt(offset + sizeBytes), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}

/** What both headers have alike: version, flags, method (0: stored), time and date of DOS. */
function writeCommon(header: Buffer, at: number, record: ZipRecord): void {
  const { time, date } = dosTime(record.modified);
  header.writeUInt16LE(isLarge(record) ? needsZip64 : needsFolders, at);
  header.writeUInt16LE(utf8Names | (hasDescriptor(record) ? crcFollows : 0), at + 2);
  header.writeUInt16LE(time, at + 6);
  header.writeUInt16LE(date, at + 8);
}

function hasDescriptor({ sizeBytes }: ZipRecord): boolean {
  return sizeBytes > 0;
}

function isLarge({ sizeBytes, offset }: ZipRecord): boolean {
  return sizeBytes >= full32 || offset >= full32;
}

/** Times before 1901 and after 2038 don't fit. */
function unixSeconds(instant: Date): number {
  return Math.max(-0x80_00_00_00, Math.min(0x7f_ff_ff_ff, Math.floor(instant.getTime() / 1000)));
}

/** From 1980 to 2107, in steps of two seconds, here in UTC. */
function dosTime(instant: Date): { readonly time: number; readonly date: number } {
  const year = instant.getUTCFullYear();
  if (year < 1980) return { time: 0, date: (1 << 5) | 1 };
  const time = (instant.getUTCHours() << 11) | (instant.getUTCMinutes() << 5) | (instant.getUTCSeconds() >> 1);
  const date = (Math.min(year - 1980, 127) << 9) | ((instant.getUTCMonth() + 1) << 5) | instant.getUTCDate();
  return { time, date };
}
