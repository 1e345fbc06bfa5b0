import { maxNameBytes, utf8ByteLength } from "@satchel/protocol";

/** `a.txt` for the first, `a (2).txt` for the second try, within the length that names may have. */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const end = ` (${n})${extension}`;
  const kept = Array.from(stem);
  while (utf8ByteLength(kept.join("") + end) > maxNameBytes) kept.pop();
  return kept.join("") + end;
}
