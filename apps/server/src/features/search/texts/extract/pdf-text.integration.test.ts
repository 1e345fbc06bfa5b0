import assert from "node:assert/strict";
import { test } from "node:test";
import { goesWithout } from "@satchel/testkit";
import { createTextExtractor } from "./text-extractor.ts";

/** A PDF file of one page with this text. */
function makePdf(text: string): Uint8Array {
  const content = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

if (!goesWithout("pdf"))
  test("[SR18] [SR19] of PDF files the text is read, and broken ones harm nothing", async (t) => {
    const broken: string[] = [];
    const extractor = createTextExtractor({ onBroken: (reason) => void broken.push(reason), limitMs: 120_000 });
    t.after(() => extractor.close());
    const read = (bytes: Uint8Array) => extractor.extract({ format: "pdf", name: "a.pdf", bytes });
    const text = await read(makePdf("The lighthouse of Gr\u00FC\u00DFau"));
    assert.equal(text?.kept, "The lighthouse of Grüßau", broken.join());
    const whole = makePdf("half a page");
    for (const bytes of [
      new TextEncoder().encode("no PDF at all"),
      Buffer.from("%PDF-1.4\n%%EOF"),
      whole.subarray(0, 60),
    ])
      assert.equal(await read(bytes), null);
    assert.ok(broken.length >= 2, broken.join("\n"));
    assert.equal((await read(whole))?.kept, "half a page");
  });
