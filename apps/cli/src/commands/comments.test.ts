import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import { threadLines } from "./comments.ts";

test("[CM10] a thread shows its words and who said what, and nothing in it steers the terminal", () => {
  const at = "2026-01-02T03:04:05.000Z";
  const said = { id: "a", author_id: "a" as AccountId, at };
  const passage = { quote: "two\u001b[2J\nthree", before: "", after: "", anchor: null };
  const comments = [
    { ...said, author: "ann", text: "Why\ntwo?" },
    { ...said, author: null, text: null },
  ];
  const lines = threadLines({ id: "a", passage, resolved: true, resolved_by: "ann", comments });
  const day = /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/;
  assert.equal(lines[0], "“two\\u001b[2J\\u000athree” (resolved)");
  assert.deepEqual(
    lines.slice(1).map((line) => line.replace(day, "")),
    ["ann: Why\n    two?", "somebody who is gone: (deleted)"],
  );
  const whole = threadLines({ id: "a", passage: null, resolved: false, resolved_by: null, comments: [] });
  assert.deepEqual(whole, ["the file as a whole"]);
});
