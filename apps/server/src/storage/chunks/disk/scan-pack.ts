import type { PlacedChunk } from "./chunk-index.ts";
import type { DataKeys } from "./data-keys.ts";
import type { OpenPacks } from "./open-packs.ts";
import { maxRecordBytes, parseRecordHeader, recordBytes, recordMagic } from "./record-format.ts";
import { openRecord } from "./seal-record.ts";

/** Larger than any record, so that a record is whole in the window or torn. */
const windowBytes = 2 * maxRecordBytes;

/**
 * The whole and authentic records of a pack from an offset on, in order. Bytes that are none (a torn append, a damaged record) are
 * skipped up to the next record: what follows damage is found too. Garbage can't pass for a record, since it would need the key.
 */
export function* scanPack(options: {
  packs: OpenPacks;
  keys: DataKeys;
  pack: number;
  fromOffset: number;
}): Generator<PlacedChunk> {
  const { packs, keys, pack } = options;
  const window = Buffer.allocUnsafeSlow(windowBytes);
  let offset = options.fromOffset;
  for (;;) {
    const filled = packs.read(pack, offset, window) ?? 0;
    if (filled === 0) return;
    const atEnd = filled < window.length;
    // Where records may begin that are whole in the window, or torn by the file's end.
    const startsBefore = atEnd ? filled : filled - maxRecordBytes;
    let at = 0;
    while (at < startsBefore) {
      const rest = window.subarray(at, filled);
      const header = parseRecordHeader(rest);
      if (header !== undefined && openRecord(keys, rest) !== undefined) {
        yield {
          hash: header.hash,
          pack,
          offset: offset + at,
          plainBytes: header.plainBytes,
          storedBytes: header.storedBytes,
        };
        at += recordBytes(header.storedBytes);
      } else {
        at += nextMagic(rest);
      }
    }
    offset += at;
    if (atEnd) return;
  }
}

/** Where the next record may begin, after the first byte. */
function nextMagic(bytes: Buffer): number {
  const found = bytes.indexOf(recordMagic, 1);
  // A magic cut by the window's end begins in its last three bytes.
  return found === -1 ? Math.max(1, bytes.length - recordMagic.length + 1) : found;
}
