import assert from "node:assert/strict";
import { test } from "node:test";
import { fileKindOf } from "@satchel/protocol";
import { extractText, textFormatOf } from "./extract-text.ts";
import { maxTextUnits } from "./text-bounds.ts";
import { createTextExtractor } from "./text-extractor.ts";
import { makeZip } from "./zip.fixture.ts";

/** What a file of this name and content says. */
function textIn(name: string, content: string | Uint8Array): Promise<string | undefined> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const format = textFormatOf({ name, kind: fileKindOf(name), sizeBytes: bytes.length });
  assert.ok(format && format !== "pdf", `${name} has a format`);
  return extractText(format, name, bytes);
}

const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(text, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};

test("[SR18] plain texts are read whatever their encoding, and what is no text isn't", async () => {
  assert.equal(await textIn("a.txt", "\uFEFFGrüße\r\n\r\n  aus   東京\u0007"), "Grüße\naus 東京");
  for (const isBig of [false, true]) {
    assert.equal(await textIn("a.txt", utf16("\uFEFFWide Größe", isBig)), "Wide Größe");
    assert.equal(await textIn("a.csv", utf16("no mark, but wide", isBig)), "no mark, but wide");
  }
  assert.equal(await textIn("alt.txt", Buffer.from("Gr\u00FC\u00DFe", "latin1")), "Grüße");
  assert.equal(await textIn("cut.md", Buffer.from("Größe").subarray(0, 4)), "Grö");
  assert.equal(await textIn("LICENSE", "Permission is granted"), "Permission is granted");
  assert.equal(await textIn("data.json", '{"colour": "blue"}'), '{"colour": "blue"}');
  assert.equal(await textIn("noise", Buffer.from(Array.from({ length: 256 }, (_, at) => (at * 7) % 256))), undefined);
  assert.equal(await textIn("odd.txt", Buffer.from([0xc3, 0x28, 1, 2, 3])), undefined);
  assert.equal(await textIn("empty.txt", "   \n "), undefined);
});

test("[SR19] a text that is nothing but spaces, or has long runs of them, takes no longer than another one", async () => {
  const spaces = " ".repeat(maxTextUnits - 10);
  assert.equal(await textIn("a.txt", `a${spaces}b`), "a b");
  assert.equal(await textIn("b.txt", `a \t${spaces}\n\v\u2028 b`), "a\nb");
});

test("[SR18] files that hold no text, and documents that are too large, are not read at all", () => {
  const format = (name: string, sizeBytes: number) => textFormatOf({ name, kind: fileKindOf(name), sizeBytes });
  for (const name of ["a.jpg", "a.zip", "a.mp4", "a.exe", "folder.psd"])
    assert.equal(format(name, 40 * 1024 * 1024), undefined, name);
  for (const name of ["a.exe", "lib.SO", "font.woff2", "Thumbs.db"]) assert.equal(format(name, 100), undefined, name);
  assert.equal(format("a.docx", 40 * 1024 * 1024), undefined);
  assert.equal(format("a.txt", 0), undefined);
  assert.equal(format("a.log", 40 * 1024 * 1024), "plain");
});

test("[SR18] of a page what a reader sees, of an e-mail its subject, people and words", async () => {
  const page =
    "<!doctype html><title>Harbour &amp; sea</title><style>.x{}</style><script>var secret</script>" +
    "<p>One<b>word</b></p><td>cell</td><td>next</td><!-- hidden --><p title=unseen>&uuml;ber<unclosed <p>end";
  assert.equal(await textIn("a.html", page), "Harbour & sea\nOneword\ncell\nnext\nüber\nend");
  const mail = [
    "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>",
    "To: Ann <ann@example.org>",
    "Subject: =?utf-8?B?UmVpc2UgbmFjaCBLw7ZsbgzDvGJlcg==?=",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/html; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "<p>Gr=FC=DFe</p>",
    "--b",
    'Content-Type: application/pdf; name="ticket.pdf"',
    'Content-Disposition: attachment; filename="ticket.pdf"',
    "",
    "xyz",
    "--b--",
  ].join("\r\n");
  const text = (await textIn("a.eml", mail)) ?? "";
  for (const part of ["Reise nach Köln", "Jürgen", "ann@example.org", "ticket.pdf", "Grüße"])
    assert.ok(text.includes(part), `${part} in ${text}`);
});

test("[SR18] office documents give the texts of their pages, tables and notes, in order", async () => {
  const docx = makeZip({
    "word/document.xml":
      '<?xml version="1.0"?><w:document xmlns:w="w"><w:p><w:r><w:t>An</w:t></w:r><w:r><w:t>gebot &amp; Preis</w:t></w:r></w:p><w:p><w:instrText>HYPERLINK</w:instrText><w:t>Ende</w:t></w:p></w:document>',
    "word/styles.xml": "<w:t>style</w:t>",
  });
  assert.equal(await textIn("a.docx", docx), "Angebot & Preis\nEnde");
  const xlsx = makeZip({
    "xl/sharedStrings.xml": "<sst><si><t>Budget</t></si><si><r><t>Kosten</t></r></si></sst>",
    "xl/worksheets/sheet1.xml":
      "<sheetData><row><c t='s'><v>0</v></c><c t='inlineStr'><is><t>inline</t></is></c></row></sheetData>",
  });
  assert.equal(await textIn("a.xlsx", xlsx), "Budget\nKosten\ninline");
  const slide = (text: string): string => `<p:sld><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sld>`;
  const pptx = makeZip({ "ppt/slides/slide10.xml": slide("ten"), "ppt/slides/slide2.xml": slide("two") });
  assert.equal(await textIn("a.pptx", pptx), "two\nten");
  const odt = makeZip({
    "content.xml":
      "<office:document-content><office:automatic-styles>none</office:automatic-styles><office:body><office:text><text:h>Titel</text:h><text:p>Ein <text:span>Satz</text:span></text:p></office:text></office:body></office:document-content>",
  });
  assert.equal(await textIn("a.odt", odt), "Titel\nEin Satz");
});

test("[SR19] entities that a document declares are not expanded, and files that lie about what is in them are given up", async () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><w:p><w:t>&b; &x; done</w:t></w:p>`;
  const text = (await textIn("a.docx", makeZip({ "word/document.xml": laughs }))) ?? "";
  assert.ok(text.includes("done") && !text.includes("haha") && !text.includes("root:"), text);
  const swollen = makeZip({ "word/document.xml": `<w:t>${"a".repeat(17 * 1024 * 1024)}</w:t>` });
  assert.ok(swollen.length < 40_000);
  await assert.rejects(textIn("bomb.docx", swollen), /too large/);
  const lying = makeZip({ "word/document.xml": `<w:t>${"a".repeat(1024 * 1024)}</w:t>` }, { claimedSize: 100 });
  await assert.rejects(textIn("lie.docx", lying));
  await assert.rejects(textIn("none.docx", "this is no ZIP file"));
  await assert.rejects(textIn("deep.eml", nested(100)));
  const long = (await textIn("long.log", "word ".repeat(200_000))) ?? "";
  assert.ok(long.length <= maxTextUnits);
});

/** Parts in parts in parts. */
function nested(depth: number): string {
  let mail = "Content-Type: text/plain\n\ninnermost";
  for (let level = 0; level < depth; level += 1)
    mail = `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n${mail}\n--b${level}--\n`;
  return mail;
}

test("[SR19] a file that is broken or takes too long is left out, and the next one is read all the same", async (t) => {
  const broken: string[] = [];
  const onBroken = (reason: string): void => void broken.push(reason);
  const patient = createTextExtractor({ onBroken, limitMs: 120_000 });
  t.after(() => patient.close());
  const bytes = new TextEncoder().encode("good words");
  assert.equal(await patient.extract({ format: "office", name: "a.docx", bytes }), null);
  assert.equal(broken.length, 1);
  const read = await patient.extract({ format: "plain", name: "a.txt", bytes });
  assert.equal(read?.kept, "good words");
  const hasty = createTextExtractor({ onBroken, limitMs: 0 });
  t.after(() => hasty.close());
  assert.equal(await hasty.extract({ format: "plain", name: "a.txt", bytes }), null);
  assert.match(broken.at(-1) ?? "", /more than 0 ms/);
  await patient.close();
  assert.equal(await patient.extract({ format: "plain", name: "a.txt", bytes }), null);
});

test("[SR19] the thread ends when it has nothing to do, and another begins with the next file", async (t) => {
  const extractor = createTextExtractor({ onBroken: (reason) => assert.fail(reason), limitMs: 120_000, restMs: 0 });
  t.after(() => extractor.close());
  for (const text of ["one", "two", "three"]) {
    const read = await extractor.extract({ format: "plain", name: "a.txt", bytes: new TextEncoder().encode(text) });
    assert.equal(read?.kept, text);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
