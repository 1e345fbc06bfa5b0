/** How much of a file's beginning tells whether it is text. */
const sniffedBytes = 8192;

/**
 * The text of bytes in UTF-8, or UTF-16 with its mark, else in Windows' western letters, which give every byte a meaning; undefined for what isn't text: a
 * NUL is in no text.
 */
export function decodeText(bytes: Uint8Array, { isWhole }: { readonly isWhole: boolean }): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes.subarray(0, sniffedBytes).includes(0)) return undefined;
  try {
    // A text that goes on may end within a letter.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
