import { BrokenArchiveError, maxListedEntries, type ArchiveEntry, type ArchiveListing } from "./archive-entry.ts";

/** Bytes of the file from `start` up to, and without, `end`. */
export type ReadSpan = (start: number, end: number) => Promise<Uint8Array>;

/** The end record with the longest comment. */
const maxEndBytes = 22 + 0xff_ff;
/** The most that is read of a directory. */
const maxDirectoryBytes = 1024 * 1024;
const full16 = 0xff_ff;
const full32 = 0xff_ff_ff_ff;

/** What is in a zip file (PKWARE APPNOTE 6.3, zip64 too), by the directory at its end: the contents are not read. @throws BrokenArchiveError */
export async function listZip(sizeBytes: number, read: ReadSpan): Promise<ArchiveListing> {
  const { offset, length, count } = await findDirectory(sizeBytes, read);
  const bytes = await read(offset, offset + Math.min(length, maxDirectoryBytes));
  const entries = readDirectory(bytes, Math.min(count, maxListedEntries));
  return { entries, isCut: entries.length < count };
}

interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

async function findDirectory(sizeBytes: number, read: ReadSpan): Promise<Directory> {
  const from = Math.max(0, sizeBytes - maxEndBytes);
  const view = viewOf(await read(from, sizeBytes));
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x06_05_4b_50) continue;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (count < full16 && length < full32 && offset < full32) return { offset, length, count };
    return largeDirectory(view, at - 20, read);
  }
  throw new BrokenArchiveError("the end record is missing");
}

/** By the locator before the end record. */
async function largeDirectory(view: DataView, at: number, read: ReadSpan): Promise<Directory> {
  if (at < 0 || view.getUint32(at, true) !== 0x07_06_4b_50)
    throw new BrokenArchiveError("the zip64 locator is missing");
  const place = Number(view.getBigUint64(at + 8, true));
  const record = viewOf(await read(place, place + 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06_06_4b_50)
    throw new BrokenArchiveError("the zip64 end record is missing");
  const [count, length, offset] = [32, 40, 48].map((field) => Number(record.getBigUint64(field, true)));
  return { count: count ?? 0, length: length ?? 0, offset: offset ?? 0 };
}

function readDirectory(bytes: Uint8Array, count: number): ArchiveEntry[] {
  const view = viewOf(bytes);
  const entries: ArchiveEntry[] = [];
  let at = 0;
  while (entries.length < count && at + 46 <= view.byteLength) {
    if (view.getUint32(at, true) !== 0x02_01_4b_50) throw new BrokenArchiveError("the directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const nameEnd = at + 46 + (nameLength ?? 0);
    const extraEnd = nameEnd + (extraLength ?? 0);
    if (extraEnd > view.byteLength) break;
    // Names that aren't marked as UTF-8 are of an old code page; most are ASCII.
    const path = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
    const size = view.getUint32(at + 24, true);
    const sizeBytes = size === full32 ? largeSize(view, nameEnd, extraEnd) : size;
    entries.push({ path: path.replace(/\/$/, ""), sizeBytes, isFolder: path.endsWith("/") });
    at = extraEnd + (commentLength ?? 0);
  }
  return entries;
}

/** The size in the zip64 field, which is its first value. */
function largeSize(view: DataView, from: number, end: number): number {
  for (let at = from; at + 12 <= end; at += 4 + view.getUint16(at + 2, true))
    if (view.getUint16(at, true) === 1) return Number(view.getBigUint64(at + 4, true));
  return full32;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
