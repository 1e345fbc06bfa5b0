import { maxNameBytes, utf8ByteLength, type EntryType } from "@satchel/protocol";

/** The n-th name to try for an entry that comes back where its name is taken: `STEM (Restored).EXT`, then `STEM (Restored 2).EXT`. STEM is shortened where the name would be too long; a folder has no extension. */
export function restoredName(name: string, type: EntryType, n: number): string {
  const dot = type === "folder" ? -1 : name.lastIndexOf(".");
  const hasExtension = dot > 0 && utf8ByteLength(name.slice(dot)) <= maxExtensionBytes;
  const extension = hasExtension ? name.slice(dot) : "";
  const mark = n === 1 ? " (Restored)" : ` (Restored ${n})`;
  const room = maxNameBytes - utf8ByteLength(mark) - utf8ByteLength(extension);
  return shorten(hasExtension ? name.slice(0, dot) : name, room) + mark + extension;
}

/** What follows the last dot is taken for an extension up to this length. */
const maxExtensionBytes = 64;

function shorten(stem: string, maxBytes: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of stem) {
    bytes += utf8ByteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
