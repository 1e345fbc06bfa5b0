import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { addToBloom, isInBloom } from "./bloom-filter.ts";
import { isBreachedPassword } from "./breached-passwords.ts";
import { findPasswordProblem } from "./password-rules.ts";

test("[ID10] passwords that everybody knows are refused, in whatever case", () => {
  for (const password of ["password", "PassWord1", "12345678", "qwertyuiop", "iloveyou", "Football"])
    assert.equal(findPasswordProblem(password, []), "password_breached", password);
});

test("[ID10] what is long and not known is welcome, whatever it is made of", () => {
  for (const password of [
    "correct horse battery",
    "aaaaaaaaaaaaaaaaaaaaaaab",
    "Größenwahn und Zwirn",
    "🐎🔋📎🐎🔋📎🐎🔋",
  ])
    assert.equal(findPasswordProblem(password, ["ann", "ann@example.org"]), undefined, password);
});

test("[ID10] a password has 8 to 256 characters, and is not the person's name or address", () => {
  assert.equal(findPasswordProblem("🐎".repeat(7), []), "password_short");
  assert.equal(findPasswordProblem("x".repeat(257), []), "password_long");
  for (const password of ["Annabelle1", "annabelle@example.org", "annabelle2026!", "annabelleannabelle"])
    assert.equal(findPasswordProblem(password, ["annabelle", "annabelle@example.org"]), "password_is_name", password);
  assert.equal(findPasswordProblem("annabelle plays chess", ["annabelle"]), undefined);
});

test("[ID10] hardly any random password is taken for a known one", () => {
  const wrong = Array.from({ length: 20_000 }, () => randomBytes(9).toString("base64")).filter(isBreachedPassword);
  assert.ok(wrong.length < 20, String(wrong.length));
});

test("[ID10] what was added to a filter is always found in it", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 200 }), (texts) => {
      const filter = new Uint8Array(1024);
      for (const text of texts) addToBloom(filter, text);
      return texts.every((text) => isInBloom(filter, text));
    }),
  );
});
