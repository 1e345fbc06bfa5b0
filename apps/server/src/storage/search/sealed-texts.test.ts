import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createTextSeal } from "./sealed-texts.ts";

test("[SR20] a text opens with the same key for the same file only, and pieces show no letters", () => {
  const key = randomBytes(32);
  const seal = createTextSeal(key);
  const text = "Geheimnis 秘密 ".repeat(100);
  const sealed = seal.text(text, "file a");
  assert.ok(sealed.length < text.length && !Buffer.from(sealed).includes("Geheimnis"));
  assert.equal(createTextSeal(key).open(sealed, "file a"), text);
  assert.equal(seal.open(sealed, "file b"), undefined);
  const other = createTextSeal(randomBytes(32));
  assert.equal(other.open(sealed, "file a"), undefined);
  assert.equal(seal.open(sealed.subarray(0, 20), "file a"), undefined);
  assert.match(seal.piece("geheim"), /^[0-9a-f]{12}$/);
  assert.equal(seal.piece("geheim"), createTextSeal(key).piece("geheim"));
  assert.notEqual(seal.piece("geheim"), other.piece("geheim"));
  assert.notEqual(seal.keyPrint, other.keyPrint);
});
