import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { problemKinds } from "@satchel/protocol";
import { toProblem } from "./problem-answers.ts";

test("[AP1] docs/errors.md has an entry for each code with its status, and no other", () => {
  const page = readFileSync(new URL("../../../../../docs/errors.md", import.meta.url), "utf8");
  const described = [...page.matchAll(/^## (\w+)\n\n(\d{3})\. .+/gm)].map(([, code, status]) => [code, Number(status)]);
  const known = Object.entries(problemKinds).map(([code, { status }]) => [code, status]);
  assert.deepEqual(Object.fromEntries(described), Object.fromEntries(known));
  assert.equal(described.length, known.length);
});

test("[AP1] a full disk is told as such, whichever part of the server met it, and what nobody foresaw shows nothing of itself", () => {
  for (const code of ["SQLITE_FULL", "53100", "ENOSPC"])
    assert.equal(toProblem(Object.assign(new Error("no room in /var/lib"), { code })).code, "storage_full");
  const { code, message } = toProblem(Object.assign(new Error("a secret place"), { code: "EPERM" }));
  assert.deepEqual([code, message.includes("secret")], ["internal", false]);
});
