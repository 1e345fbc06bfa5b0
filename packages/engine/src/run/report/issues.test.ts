import assert from "node:assert/strict";
import { test } from "node:test";
import { entryId } from "../../books/record.fixture.ts";
import { IssueBook } from "./issues.ts";

const issue = { path: "a", code: "disk_exists", message: "something is there already" };
const id = entryId(1);

test("[EN24] a few obstacles are none, and more of them in a row make the entry wait", () => {
  const issues = new IssueBook();
  for (let n = 0; n < 5; n += 1) issues.obstruct(id, issue, 1000 + n);
  assert.deepEqual(issues.list(), []);
  issues.obstruct(id, issue, 1005);
  assert.deepEqual(issues.list(), [issue]);
  assert.equal(issues.isPaused(id, 2004), true);
  assert.equal(issues.isPaused(id, 2005), false);
});

test("[EN24] what was settled in between begins anew", () => {
  const issues = new IssueBook();
  for (let n = 0; n < 5; n += 1) issues.obstruct(id, issue, 1000 + n);
  issues.keepOnly(() => false);
  issues.obstruct(id, issue, 1010);
  assert.deepEqual(issues.list(), []);
});
