import assert from "node:assert/strict";
import { test } from "node:test";
import { citationProblems, countRules } from "./spec-citations.ts";

// Put together here, so that this file itself cites none of them.
const id = (number: number): string => `QQ${number}`;
const rule = (number: number): string => `- **[${id(number)}]** Something holds.\n`;
const cites = (number: number): string => `test("[${id(number)}] something holds", () => {});\n`;

test("[RP9] rules that tests cite are fine, in either way of writing them", () => {
  const specs = [{ path: "docs/spec/a.md", text: `${rule(1)}1. **${id(2)}** *Name.* Also.\n` }];
  assert.equal(countRules(specs), 2);
  assert.deepEqual(citationProblems(specs, [{ path: "a.test.ts", text: cites(1) + cites(2) }]), []);
});

test("[RP9] a rule without a test, a citation without a rule and an id used twice fail", () => {
  const specs = [
    { path: "docs/spec/a.md", text: rule(1) + rule(2) },
    { path: "docs/spec/b.md", text: rule(2) },
  ];
  assert.deepEqual(citationProblems(specs, [{ path: "a.test.ts", text: cites(2) + cites(3) }]), [
    `docs/spec/b.md defines [${id(2)}], which docs/spec/a.md defines already`,
    `a.test.ts cites [${id(3)}], which no page of docs/spec defines`,
    `docs/spec/a.md: no test cites [${id(1)}]`,
  ]);
});

test("[RP9] an id in the middle of a sentence defines nothing", () => {
  assert.equal(countRules([{ path: "docs/spec/a.md", text: `As **[${id(1)}]** says.\n` }]), 0);
});
