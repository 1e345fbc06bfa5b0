import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { test } from "node:test";
import type { ChunkHash } from "@satchel/protocol";
import { isNoText } from "./extract/decode-text.ts";
import { createTextlessChunks } from "./textless-chunks.ts";

const chunk = (content: string | Uint8Array) => ({
  hash: hash("sha256", content) as ChunkHash,
  bytes: Buffer.from(content),
});

test("[SR22] what is brought is remembered as no text once it is known to be what its hash says, and texts never", () => {
  const textless = createTextlessChunks();
  const noise = chunk(randomBytes(20_000));
  const others = ["plain", "Größe", "", Buffer.from("Gr\u00FC\u00DFe", "latin1"), Buffer.from("wide", "utf16le")].map(
    chunk,
  );
  textless.look([noise])();
  assert.ok(!textless.has(noise.hash), "nobody asked yet");
  textless.begin();
  const seen = textless.look([noise, ...others]);
  assert.ok(!textless.has(noise.hash), "the store has not said yet that it is that");
  seen();
  assert.deepEqual(
    [noise, ...others].map((each) => textless.has(each.hash)),
    [true, ...others.map(() => false)],
  );
  textless.forget();
  assert.ok(!textless.has(noise.hash));
});

test("[SR22] of too many the oldest are forgotten", () => {
  const textless = createTextlessChunks(2);
  textless.begin();
  const all = [1, 2, 3].map((fill) => chunk(Buffer.from([0, 0, fill])));
  for (const each of all) textless.look([each])();
  assert.deepEqual(
    all.map((each) => textless.has(each.hash)),
    [false, true, true],
  );
});

test("[SR18] a text is one wherever its beginning is cut, also within a character", () => {
  const bytes = Buffer.from("Grüße, 東京, 🦉 and so on. ".repeat(800));
  for (let end = 8180; end < 8200; end += 1) assert.ok(!isNoText(bytes.subarray(0, end)), `${end} bytes`);
  for (let end = 1; end < 40; end += 1) assert.ok(!isNoText(bytes.subarray(0, end)), `${end} bytes`);
  assert.ok(isNoText(Buffer.from([1, 0xc3, 0x28])));
});
