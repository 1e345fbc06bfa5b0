import assert from "node:assert/strict";
import { test } from "node:test";
import { goesWithout } from "./goes-without.ts";

test("[TK6] tests are left out only when the run says so by name", () => {
  assert.equal(goesWithout("postgres", {}), false);
  assert.equal(goesWithout("postgres", { SATCHEL_TEST_WITHOUT: "" }), false);
  assert.equal(goesWithout("postgres", { SATCHEL_TEST_WITHOUT: "redis" }), false);
  assert.equal(goesWithout("postgres", { SATCHEL_TEST_WITHOUT: "redis, postgres" }), true);
});
