import { passageSchema, type Passage } from "@satchel/protocol";
import { openSealed, seal } from "../identity/factors/seal.ts";

/** What is said, and the words that it is about, are encrypted, and good for this comment only, wherever its file goes. */
export function sealText(key: Uint8Array, id: string, text: string): string {
  return seal(key, `comment ${id}`, text);
}

/** Undefined when it was sealed by another server's key, or is damaged. */
export function openText(key: Uint8Array, id: string, sealed: string): string | undefined {
  try {
    return openSealed(key, `comment ${id}`, sealed);
  } catch {
    return undefined;
  }
}

export function sealPassage(key: Uint8Array, id: string, passage: Passage): string {
  return seal(key, `passage ${id}`, JSON.stringify(passage));
}

/** As {@link openText}. */
export function openPassage(key: Uint8Array, id: string, sealed: string): Passage | undefined {
  try {
    return passageSchema.parse(JSON.parse(openSealed(key, `passage ${id}`, sealed)));
  } catch {
    return undefined;
  }
}
