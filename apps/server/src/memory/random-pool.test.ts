import assert from "node:assert/strict";
import { test } from "node:test";
import { randomPool } from "./random-pool.ts";

test("bytes out of a pool are as many as were asked for, and never the same twice", () => {
  const random = randomPool();
  const seen = new Set<string>();
  for (let time = 0; time < 2000; time += 1) seen.add(Buffer.from(random(10)).toString("hex"));
  assert.equal(seen.size, 2000);
  for (const count of [0, 1, 4096, 5000]) assert.equal(random(count).length, count);
  const [first, second] = [random(16), random(16)];
  first.fill(0);
  assert.ok(second.some((byte) => byte !== 0));
});
