import { maxNameBytes, utf8ByteLength } from "./entry-name.ts";

/**
 * The name of the n-th conflicted copy of a file: `STEM (Conflicted copy).EXT`, then `STEM (Conflicted copy 2).EXT`. STEM is shortened, by
 * whole characters, when the name would exceed {@link maxNameBytes}. A leading dot belongs to the stem.
 */
export function conflictName(name: string, n: number): string {
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && dot < name.length - 1 && utf8ByteLength(name.slice(dot)) <= maxExtensionBytes;
  const extension = hasExtension ? name.slice(dot) : "";
  const mark = n === 1 ? " (Conflicted copy)" : ` (Conflicted copy ${n})`;
  const room = maxNameBytes - utf8ByteLength(mark) - utf8ByteLength(extension);
  return shorten(hasExtension ? name.slice(0, dot) : name, room) + mark + extension;
}

/** What follows the last dot is taken for an extension up to this length; beyond, it is part of the stem. */
const maxExtensionBytes = 64;

function shorten(stem: string, maxBytes: number): string {
  let kept = "";
  let bytes = 0;
  for (const character of stem) {
    bytes += utf8ByteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
