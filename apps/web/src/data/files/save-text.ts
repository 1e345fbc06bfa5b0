import { saveBytes } from "./save-bytes.ts";

/** Saves a text as a file of the person's. */
export function saveText(name: string, words: string): void {
  saveBytes(name, new TextEncoder().encode(words), "text/plain;charset=utf-8");
}
