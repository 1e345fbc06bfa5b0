import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { mutations } from "./mutations.ts";
import { mutate, repository } from "./plant.ts";

test("[SI12] every planted fault has its place in the product, exactly once", () => {
  assert.ok(mutations.length >= 20);
  assert.equal(new Set(mutations.map(({ name }) => name)).size, mutations.length);
  for (const mutation of mutations) {
    const source = readFileSync(join(repository, mutation.file), "utf8");
    assert.notEqual(mutate(source, mutation), source);
  }
});

test("[SI12] a mutation whose snippet is gone, or there twice, says so", () => {
  const mutation = { name: "m", file: "f", snippet: "a", replacement: "b", fault: "" };
  assert.equal(mutate("-a-", mutation), "-b-");
  for (const source of ["", "a a"]) assert.throws(() => mutate(source, mutation), /m: its snippet is not exactly once/);
});

test("[SI12] a planted fault is found", async () => {
  const program = join(import.meta.dirname, "play-mutated.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, "no-setting-aside", "1000000", "500"]);
  const found = JSON.parse(stdout.trim().split("\n").at(-1) ?? "null") as { message: string } | null;
  assert.ok(found);
});
