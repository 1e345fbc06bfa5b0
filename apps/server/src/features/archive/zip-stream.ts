import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { ArchiveMember } from "./archive-members.ts";
import { centralHeader, descriptor, endOfDirectory, localHeader, recordBytes, type ZipRecord } from "./zip-format.ts";

const fileMode = 0o100_644;
const executableMode = 0o100_755;
const folderMode = 0o40_755;

export type ArchiveFile = Extract<ArchiveMember, { readonly type: "file" }>;

/** A zip file that is made while it is read. */
export interface ZipStream {
  /** How long it will be: known at once, since nothing in it is compressed. */
  readonly sizeBytes: number;
  readonly stream: Readable;
}

interface ZipOptions {
  /** The content of a file, asked for when its turn comes, and read no faster than the archive is. */
  readonly read: (file: ArchiveFile) => AsyncIterable<Uint8Array>;
  /** The time of folders, which have none. */
  readonly now: Date;
}

interface Part {
  readonly member: ArchiveMember;
  readonly record: ZipRecord;
}

/** Members in order, stored, names in UTF-8, times to the second; zip64 where sizes need it. A content that can't be read, or has another length, destroys the stream. */
export function zipStream(members: readonly ArchiveMember[], { read, now }: ZipOptions): ZipStream {
  const parts: Part[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const member of members) {
    const record = recordOf(member, offset, now);
    const { around, central } = recordBytes(record);
    offset += around + record.sizeBytes;
    directoryBytes += central;
    parts.push({ member, record });
  }
  const end = endOfDirectory({ entries: parts.length, offset, sizeBytes: directoryBytes });
  const stream = Readable.from(write(parts, end, read), { objectMode: false });
  return { sizeBytes: offset + directoryBytes + end.length, stream };
}

async function* write(parts: readonly Part[], end: Buffer, read: ZipOptions["read"]): AsyncGenerator<Uint8Array> {
  const sums: number[] = [];
  for (const { member, record } of parts) {
    yield localHeader(record);
    let crc = 0;
    let length = 0;
    if (member.type === "file" && member.sizeBytes > 0) {
      for await (const bytes of read(member)) {
        crc = crc32(bytes, crc);
        length += bytes.length;
        yield bytes;
      }
    }
    if (length !== record.sizeBytes) throw new Error(`a content has ${length} bytes, not ${record.sizeBytes}`);
    yield descriptor(record, crc);
    sums.push(crc);
  }
  for (const [index, { record }] of parts.entries()) yield centralHeader(record, sums[index] ?? 0);
  yield end;
}

function recordOf(member: ArchiveMember, offset: number, now: Date): ZipRecord {
  const modified = member.modified === null ? now : new Date(member.modified);
  if (member.type === "folder")
    return {
      name: Buffer.from(`${member.path}/`),
      isFolder: true,
      sizeBytes: 0,
      modified,
      mode: folderMode,
      offset,
    };
  const mode = member.executable ? executableMode : fileMode;
  return { name: Buffer.from(member.path), isFolder: false, sizeBytes: member.sizeBytes, modified, mode, offset };
}
