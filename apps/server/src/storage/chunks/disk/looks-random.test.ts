import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { looksRandom } from "./looks-random.ts";

/** Always the same bytes, for an answer that is right with high probability only. */
function randomBytes(sizeBytes: number, nth: number): Buffer {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, nth), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(sizeBytes));
}

const text = readFileSync(new URL(import.meta.url));

test("[CS24] random and compressed bytes look random, at any size from 256 bytes on", () => {
  for (let nth = 0; nth < 200; nth += 1) {
    assert.ok(looksRandom(randomBytes(256 + nth * nth, nth)), String(nth));
  }
  const program = readFileSync(process.execPath).subarray(8 * 1024 * 1024, 9 * 1024 * 1024);
  const compressed = deflateRawSync(program);
  assert.ok(looksRandom(compressed.subarray(0, 64 * 1024)));
});

test("[CS24] text, base64, zeros, tables of numbers, and random bytes with a text inside don't", () => {
  const numbers = Buffer.from(Uint32Array.from({ length: 4096 }, (_, nth) => nth * 1000).buffer);
  const mixed = randomBytes(64 * 1024, 1);
  mixed.fill("some text that goes on and on, ", 10_000, 40_000);
  const base64 = Buffer.from(randomBytes(10_000, 2).toString("base64"));
  for (const bytes of [text, base64, Buffer.alloc(5000), numbers, mixed]) assert.equal(looksRandom(bytes), false);
});

test("[CS24] what is too short to tell is tried", () => {
  assert.equal(looksRandom(randomBytes(255, 1)), false);
});
