import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteFound } from "./quote-found.ts";

test("[CL70] what was found in a file stands in brackets, and nothing of the file reaches the terminal as a command", () => {
  const text = "…the leaking \u001b[31mroof of the house";
  const quoted = quoteFound({
    text,
    found: [
      [5, 12],
      [18, 22],
    ],
  });
  assert.equal(quoted, "…the [leaking] \\u001b[31m[roof] of the house");
  assert.equal(quoteFound({ text: "plain", found: [] }), "plain");
});
