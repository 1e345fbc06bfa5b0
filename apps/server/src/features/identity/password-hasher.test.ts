import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import { createPasswordHasher } from "./password-hasher.ts";

test("[AP10] a password is kept as argon2id and compared with it; nobody's password is never right", async () => {
  const passwords = createPasswordHasher();
  const stored = await passwords.hash("correct horse");
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await passwords.verify(stored, "correct horse"), true);
  assert.equal(await passwords.verify(stored, "battery staple"), false);
  assert.equal(await passwords.verify(undefined, "the password of nobody"), false);
});

test("[AP15] sign-ins wait in a bounded line", async () => {
  const passwords = createPasswordHasher();
  const asked = Array.from({ length: 80 }, () => passwords.verify(undefined, "x"));
  const outcomes = await Promise.allSettled(asked);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.equal(refused.length, 80 - 2 - 64);
  for (const { reason } of refused) assert.ok(reason instanceof ProblemError && reason.code === "too_many_requests");
  assert.equal(await passwords.verify(undefined, "x"), false);
});
