import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { problemKinds } from "@satchel/protocol";

test("[AP1] docs/errors.md has an entry for each code with its status, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const described = [...page.matchAll(/^## (\w+)\n\n(\d{3})\. .+/gm)].map(([, code, status]) => [code, Number(status)]);
  const known = Object.entries(problemKinds).map(([code, { status }]) => [code, status]);
  assert.deepEqual(Object.fromEntries(described), Object.fromEntries(known));
  assert.equal(described.length, known.length);
});
