import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import { resolveAll } from "./resolve-all.ts";

test("[WB42] what the server refuses leaves the others, and a connection that breaks leaves what was resolved before to be taken back", async () => {
  const tried: number[] = [];
  const broken = new TypeError("the connection broke");
  const refused = new ProblemError("not_found", "gone");
  const { resolutions, failures } = await resolveAll([1, 2, 3, 4, 5], async (wish) => {
    tried.push(wish);
    if (wish === 2) throw refused;
    if (wish === 4) throw broken;
    return `resolved ${wish}`;
  });
  assert.deepEqual(resolutions, ["resolved 1", "resolved 3"]);
  assert.deepEqual(failures, [refused, broken]);
  assert.deepEqual(tried, [1, 2, 3, 4]);
});
