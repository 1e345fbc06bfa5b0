import { isUtf8 } from "node:buffer";

/** Of a text that isn't told by a mark: so many bytes are looked at for what no text has. */
const lookedAtBytes = 8192;
/** Control characters that texts do without; tab, line ends, form feed and escape are left out. */
const isOdd = (byte: number): boolean =>
  byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127;

/**
 * The text of a file whose encoding nobody told: by its mark, else UTF-16 by where its zeros are, UTF-8 where it is well-formed (but for a character that the end cut), else Latin-1 as Windows has it. Undefined for what is no text.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes);
  return encoding && new TextDecoder(encoding).decode(bytes);
}

/** Do these bytes, from a file's beginning, tell that it is no text? What looks random does within its first hundreds of bytes: some microseconds. */
export function isNoText(head: Uint8Array): boolean {
  return encodingOf(head.subarray(0, lookedAtBytes)) === undefined;
}

function encodingOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const head = bytes.subarray(0, lookedAtBytes);
  if (head.includes(0)) return wideEncodingOf(head);
  if (isUtf8(withoutCutEnd(bytes))) return "utf-8";
  return head.some(isOdd) ? undefined : "windows-1252";
}

/** Every other byte of a Western text in UTF-16 is zero, and none of the others is. */
function wideEncodingOf(head: Uint8Array): string | undefined {
  let [even, odd] = [0, 0];
  for (let index = head.indexOf(0); index >= 0; index = head.indexOf(0, index + 1)) {
    if (index % 2 === 0) even += 1;
    else odd += 1;
    if (even > 0 && odd > 0) return undefined;
  }
  const many = head.length / 4;
  if (odd > many) return "utf-16le";
  return even > many ? "utf-16be" : undefined;
}

/** Without the beginning of a character of UTF-8 that the end cut. */
function withoutCutEnd(bytes: Uint8Array): Uint8Array {
  for (let fromEnd = 1; fromEnd <= 3; fromEnd += 1) {
    const byte = bytes.at(-fromEnd) ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > fromEnd ? bytes.subarray(0, -fromEnd) : bytes;
  }
  return bytes;
}
