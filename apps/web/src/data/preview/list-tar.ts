import { BrokenArchiveError, maxListedEntries, type ArchiveEntry, type ArchiveListing } from "./archive-entry.ts";

/** A tar file has no directory: it is read from its beginning, and no further than this. */
export const maxTarBytes = 64 * 1024 * 1024;
const blockBytes = 512;
/** The longest name that a header of its own may carry. */
const maxLongNameBytes = 64 * 1024;

/** What is in a tar file (POSIX ustar and pax, GNU's long names), as far as it was read. @throws BrokenArchiveError */
export async function listTar(pieces: AsyncIterable<Uint8Array>): Promise<ArchiveListing> {
  const input = new BlockReader(pieces);
  const entries: ArchiveEntry[] = [];
  let longName: string | undefined;
  while (entries.length < maxListedEntries && input.readBytes < maxTarBytes) {
    const header = await input.take(blockBytes);
    // Two empty blocks are the end; a file that stops before them is cut.
    if (!header || header.every((byte) => byte === 0)) return { entries, isCut: !header && entries.length === 0 };
    if (!isHeader(header)) throw new BrokenArchiveError("a header is damaged");
    const type = String.fromCharCode(header[156] ?? 0);
    const sizeBytes = numberAt(header, 124, 12);
    const paddedBytes = Math.ceil(sizeBytes / blockBytes) * blockBytes;
    if ((type === "L" || type === "x") && sizeBytes <= maxLongNameBytes) {
      const data = await input.take(paddedBytes);
      const text = new TextDecoder().decode(data?.subarray(0, sizeBytes));
      longName = type === "L" ? text.replace(/\0.*$/s, "") : (paxPath(text) ?? longName);
      continue;
    }
    const path = longName ?? nameOf(header);
    longName = undefined;
    if (type !== "g") entries.push({ path: path.replace(/\/$/, ""), sizeBytes, isFolder: type === "5" });
    if (!(await input.skip(paddedBytes))) return { entries, isCut: true };
  }
  return { entries, isCut: true };
}

/** The header's checksum is the sum of its bytes, with its own taken for spaces. */
function isHeader(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === numberAt(header, 148, 8);
}

/** Octal digits, or, with the highest bit set, binary (GNU, for sizes over 8 GiB). */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0)
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, (field[0] ?? 0) & 0x7f);
  return Number.parseInt(textOf(field).trim() || "0", 8) || 0;
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 262)) === "ustar";
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** Lines of `LENGTH key=value`. */
function paxPath(text: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text)?.[1];
}

/** Takes blocks from pieces of any length. */
class BlockReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array();
  readBytes = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Undefined when the file ends before. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const taken = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (!(await this.#fill())) return undefined;
      const some = this.#piece.subarray(0, length - filled);
      taken.set(some, filled);
      filled += some.length;
      this.#piece = this.#piece.subarray(some.length);
    }
    return taken;
  }

  /** False when the file ends before, or enough was read. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (left > 0) {
      if (this.readBytes > maxTarBytes || !(await this.#fill())) return false;
      const step = Math.min(left, this.#piece.length);
      this.#piece = this.#piece.subarray(step);
      left -= step;
    }
    return true;
  }

  async #fill(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next: IteratorResult<Uint8Array, unknown> = await this.#pieces.next();
      if (next.done) return false;
      this.#piece = next.value;
      this.readBytes += next.value.length;
    }
    return true;
  }
}
