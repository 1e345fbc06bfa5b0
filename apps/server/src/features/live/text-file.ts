import { maxLiveBytes } from "@satchel/protocol";

/** A session goes on with a text this large, whoever made it so. A new one begins with {@link maxLiveBytes} at most. */
export const maxSessionBytes = 4 * maxLiveBytes;

/** What a text file has beside its words: a byte order mark, and how its lines end. In a session all lines end alike. */
export interface TextDress {
  readonly mark: "" | "\uFEFF";
  readonly lineEnd: "\n" | "\r\n";
}

export interface DressedText {
  readonly text: string;
  readonly dress: TextDress;
}

/** The text of a file; undefined for what can't be edited live: too large, no UTF-8, or lines that end in different ways, which would not be found again. [LV2] */
export function readText(bytes: Uint8Array): DressedText | undefined {
  if (bytes.length > maxSessionBytes || bytes.includes(0)) return undefined;
  let whole: string;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const mark = whole.startsWith("\uFEFF") ? "\uFEFF" : "";
  const bare = whole.slice(mark.length);
  const windows = bare.match(/\r\n/g)?.length ?? 0;
  const text = bare.replaceAll("\r\n", "\n");
  const isMixed = text.includes("\r") || (windows > 0 && windows !== text.match(/\n/g)?.length);
  return isMixed ? undefined : { text, dress: { mark, lineEnd: windows > 0 ? "\r\n" : "\n" } };
}

export function writeText({ text, dress: { mark, lineEnd } }: DressedText): Uint8Array {
  // An editor may bring in anything that was pasted; in the file all lines end alike, and nothing makes it anything else than text.
  const lines = text.replaceAll(/\r\n?/g, "\n").replaceAll("\0", "");
  return new TextEncoder().encode(mark + (lineEnd === "\n" ? lines : lines.replaceAll("\n", lineEnd)));
}
