import { maxNameBytes, utf8ByteLength } from "@satchel/protocol";

/** `a.txt` for the first, `a (2).txt` for the second try. The stem is shortened by whole characters where the name would be too long. */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && utf8ByteLength(name.slice(dot)) <= maxExtensionBytes;
  const [stem, extension] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const end = ` (${n})${extension}`;
  const kept = Array.from(stem);
  while (utf8ByteLength(kept.join("") + end) > maxNameBytes) kept.pop();
  return kept.join("") + end;
}

/** What follows the last dot is taken for an extension up to this length: of a longer one there would be nothing to shorten. */
const maxExtensionBytes = 64;
