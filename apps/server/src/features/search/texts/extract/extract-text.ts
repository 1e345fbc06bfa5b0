import type { FileKind } from "@satchel/protocol";
import { decodeText } from "./decode-text.ts";
import { textOfMail } from "./mail-text.ts";
import { textOfHtml } from "./markup-text.ts";
import { isOfficeEnding, textOfOffice } from "./office-text.ts";
import { maxDocumentBytes, maxPlainBytes, maxTextUnits } from "./text-bounds.ts";

/** What text is read out of. */
export type TextFormat = "plain" | "html" | "office" | "mail" | "pdf";

/** What is parsed in this program. */
export type ParsedFormat = Exclude<TextFormat, "pdf">;

/** Endings of programs, libraries, fonts, databases and disks: what has them is never a text, and needn't be fetched to say so. */
const withoutText: ReadonlySet<string> = new Set(
  "exe dll so dylib o a obj lib class pyc pyo wasm bin ttf otf woff woff2 eot db sqlite sqlite3 mdb pack idx img vhd vmdk qcow2".split(
    " ",
  ),
);

/** Undefined for files that no text is read out of. Those of unknown kinds may be plain texts: their bytes tell. */
export function textFormatOf({ name, kind, sizeBytes }: SizedFile): TextFormat | undefined {
  if (sizeBytes === 0) return undefined;
  const ending = endingOf(name);
  if (isOfficeEnding(ending)) return sizeBytes <= maxDocumentBytes ? "office" : undefined;
  if (ending === "eml") return sizeBytes <= maxDocumentBytes ? "mail" : undefined;
  if (ending === "pdf") return sizeBytes <= maxDocumentBytes ? "pdf" : undefined;
  if (ending === "html" || ending === "htm" || ending === "xhtml") return "html";
  if (kind === "text" || kind === "code" || ending === "csv" || ending === "tsv") return "plain";
  return kind === "other" && sizeBytes <= maxPlainBytes && !withoutText.has(ending) ? "plain" : undefined;
}

export interface SizedFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly sizeBytes: number;
}

/** The most bytes of such a file that are needed, from its beginning. */
export function neededBytesOf(format: TextFormat): number {
  return format === "plain" || format === "html" ? maxPlainBytes : maxDocumentBytes;
}

/** What a file says, at most `maxTextUnits`, without control characters and with one space or line end where there were more; undefined where that is nothing. @throws when it is broken */
export async function extractText(format: ParsedFormat, name: string, bytes: Uint8Array): Promise<string | undefined> {
  const text = await rawText(format, name, bytes);
  if (text === undefined) return undefined;
  // Half of a character, where a text was cut, is none.
  const plain = tidy(text.slice(0, maxTextUnits)).toWellFormed();
  return plain === "" ? undefined : plain;
}

async function rawText(format: ParsedFormat, name: string, bytes: Uint8Array): Promise<string | undefined> {
  switch (format) {
    case "plain":
      return decodeText(bytes);
    case "html": {
      const html = decodeText(bytes);
      return html === undefined ? undefined : textOfHtml(html, maxTextUnits);
    }
    case "mail":
      return textOfMail(bytes);
    case "office":
      return textOfOffice(endingOf(name), bytes);
  }
}

/** Each step takes time in proportion to the text, whatever is in it: first a long run of spaces becomes one, so that none is looked through again and again for a line end behind it. */
function tidy(text: string): string {
  return text
    .replaceAll(/[^\S\n\r\f\v\u{2028}\u{2029}]+/gu, " ")
    .replaceAll(/ ?[\n\r\f\v\u{2028}\u{2029}]\s*/gu, "\n")
    .replaceAll(/(?!\n)\p{Cc}/gu, "")
    .trim();
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}
