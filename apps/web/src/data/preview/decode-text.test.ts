import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText } from "./decode-text.ts";

const whole = { isWhole: true };

test("[WB8] text is told from other bytes, and read in the encoding that it is in", () => {
  assert.equal(decodeText(Buffer.from("grün 日本"), whole), "grün 日本");
  assert.equal(decodeText(Buffer.from([0xff, 0xfe, 0x41, 0x00]), whole), "A");
  assert.equal(decodeText(Buffer.from([0x67, 0x72, 0xfc, 0x6e]), whole), "grün");
  assert.equal(decodeText(Buffer.from([0x50, 0x4b, 0x00, 0x03]), whole), undefined);
  assert.equal(decodeText(Buffer.alloc(0), whole), "");
});

test("[WB8] a text that is cut within a letter is still UTF-8", () => {
  assert.equal(decodeText(Buffer.from("ü").subarray(0, 1), { isWhole: false }), "");
});
