import assert from "node:assert/strict";
import { test } from "node:test";
import { countCitations, pageProblems } from "./page-citations.ts";

// Put together here, so that this file itself cites none of them.
const id = (number: number): string => `QQ${number}`;
const specs = [{ path: "docs/spec/a.md", text: `- **${id(1)}** One thing.\n- **${id(2)}** Another.\n` }];
const shown = { path: "apps/server/src/http/a.test.ts", text: `test("[${id(1)}] one thing holds", () => {});` };
const problemsOf = (text: string): string[] => pageProblems([{ path: "docs/a.md", text }], { specs, code: [shown] });

test("[RP18] a page that names what there is, by either path, is fine", () => {
  const page = `HTTP2 and ${id(1)} to ${id(2)} \`http/a.test.ts\` (\`apps/server/src/http/a.test.ts\`, \`http\`)`;
  assert.deepEqual(problemsOf(page), []);
  assert.equal(countCitations([{ path: "docs/a.md", text: page }]), 5);
});

test("[RP18] a rule or a file that isn't there, and a test that doesn't show what it is named for, fail", () => {
  assert.deepEqual(problemsOf(`${id(3)}, \`http/b.test.ts\`, ${id(2)} \`http/a.test.ts\``), [
    `docs/a.md names the rule ${id(3)}, which doesn't exist`,
    "docs/a.md names http/b.test.ts, which doesn't exist",
    `docs/a.md says that http/a.test.ts shows ${id(2)}, but it cites none of them`,
  ]);
});
