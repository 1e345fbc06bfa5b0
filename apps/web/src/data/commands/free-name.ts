import { maxNameBytes, utf8ByteLength } from "@satchel/protocol";
import { extensionOf } from "../files/entry.ts";

/** The name itself where it is free, else with the first free number: `report (2).pdf`. The stem is shortened by whole characters where the limit of names asks for it. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const extension = extensionOf(name);
  const hasExtension = extension !== "" && utf8ByteLength(extension) <= maxExtensionBytes;
  const stem = hasExtension ? name.slice(0, name.lastIndexOf(".")) : name;
  for (let number = 2; ; number++) {
    const end = ` (${number})${name.slice(stem.length)}`;
    const candidate = shorten(stem, maxNameBytes - utf8ByteLength(end)) + end;
    if (!taken.has(candidate)) return candidate;
  }
}

/** A longer one is part of the stem: nothing would be left to shorten. */
const maxExtensionBytes = 64;

function shorten(stem: string, maxBytes: number): string {
  const characters = Array.from(stem);
  while (characters.length > 0 && utf8ByteLength(characters.join("")) > maxBytes) characters.pop();
  return characters.join("");
}
