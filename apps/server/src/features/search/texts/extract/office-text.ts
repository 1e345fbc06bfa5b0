import { fromBufferPromise, type Entry, type ZipFile } from "yauzl";
import { maxTextUnits } from "./text-bounds.ts";
import { textOfXml, type XmlPick } from "./markup-text.ts";

/** The most entries of a document that are looked at; those of a large presentation are some thousand. */
const maxEntries = 10_000;
/** The most bytes that all parts together may have when they are unpacked: what a file of a few kB swells to beyond is a bomb. */
const maxUnpackedBytes = 16 * 1024 * 1024;

interface Format {
  /** The parts that hold texts. */
  readonly parts: RegExp;
  readonly pick: XmlPick;
}

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));
const openDocument: Format = {
  parts: /^content\.xml$/,
  pick: {
    within: set("office:body"),
    breaks: set("text:p text:h text:tab text:line-break table:table-cell text:list-item"),
  },
};
const word: Format = {
  parts: /^word\/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml$/,
  pick: { within: set("w:t"), breaks: set("w:p w:tab w:br w:tc") },
};
const excel: Format = {
  parts: /^xl\/(sharedStrings|worksheets\/sheet\d+|comments\d*)\.xml$/,
  // Cells that refer to shared strings hold their numbers in `v`, which nobody searches for; those are left out with all other numbers.
  pick: { within: set("t"), breaks: set("si is t c row") },
};
const powerpoint: Format = {
  parts: /^ppt\/(slides\/slide\d+|notesSlides\/notesSlide\d+|comments\/comment\d+)\.xml$/,
  pick: { within: set("a:t p:text"), breaks: set("a:p a:br a:tc") },
};

const formats: Readonly<Record<string, Format>> = {
  docx: word,
  docm: word,
  dotx: word,
  xlsx: excel,
  xlsm: excel,
  pptx: powerpoint,
  pptm: powerpoint,
  ppsx: powerpoint,
  odt: openDocument,
  ott: openDocument,
  ods: openDocument,
  ots: openDocument,
  odp: openDocument,
  otp: openDocument,
};

/** Is there a format of office documents with this ending? */
export function isOfficeEnding(ending: string): boolean {
  return Object.hasOwn(formats, ending);
}

/** The text of a Word, Excel, PowerPoint or OpenDocument file, which is a ZIP of XML parts. @throws when it is none, or swells beyond all measure */
export async function textOfOffice(ending: string, bytes: Uint8Array): Promise<string> {
  const format = formats[ending];
  if (!format) throw new RangeError(`${ending} is no ending of an office document`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const zip = await fromBufferPromise(buffer, { lazyEntries: true });
  try {
    let text = "";
    for (const part of await readParts(zip, format.parts)) {
      const found = textOfXml(part, format.pick, maxTextUnits - text.length);
      text += `${found}\n`;
      if (text.length >= maxTextUnits) break;
    }
    return text;
  } finally {
    zip.close();
  }
}

/** The parts with such names, in the order of their names, so that slide 2 comes before slide 10. */
async function readParts(zip: ZipFile, names: RegExp): Promise<string[]> {
  const parts: { readonly name: string; readonly xml: string }[] = [];
  const room = { bytes: maxUnpackedBytes };
  let seen = 0;
  for await (const entry of zip.eachEntry()) {
    seen += 1;
    if (seen > maxEntries) throw new Error("the document has too many parts");
    if (names.test(entry.fileName)) parts.push({ name: entry.fileName, xml: await readPart(zip, entry, room) });
  }
  const inOrder = new Intl.Collator("en", { numeric: true });
  return parts.toSorted((a, b) => inOrder.compare(a.name, b.name)).map(({ xml }) => xml);
}

/** What a part has beyond what its directory promises, or beyond the room that is left, ends the reading. */
async function readPart(zip: ZipFile, entry: Entry, room: { bytes: number }): Promise<string> {
  if (entry.uncompressedSize > room.bytes) throw new Error("the document's parts are too large");
  room.bytes -= entry.uncompressedSize;
  const pieces: Buffer[] = [];
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
  return new TextDecoder().decode(Buffer.concat(pieces));
}
