import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModuleImport } from "./find-imports.ts";
import { threadProblems } from "./thin-threads.ts";

const imports = (specifier: string, typeOnly = false): ModuleImport => ({ specifier, typeOnly, line: 1 });
const entries = new Map([["@satchel/protocol", "packages/protocol/src/index.ts"]]);

test("[RP16] a thread whose entry leads to another's package is told, with who brings it", () => {
  const modules = new Map([
    ["packages/engine/src/worker.ts", [imports("./job.ts"), imports("node:fs")]],
    ["packages/engine/src/job.ts", [imports("@satchel/protocol")]],
    ["packages/protocol/src/index.ts", [imports("./ids.ts")]],
    ["packages/protocol/src/ids.ts", [imports("zod")]],
  ]);
  const [problem, ...others] = threadProblems({ modules, entries }, ["packages/engine/src/worker.ts"]);
  assert.match(problem ?? "", /^packages\/protocol\/src\/ids\.ts imports zod/);
  assert.deepEqual(others, []);
});

test("[RP16] types, our own modules and Node's cost a thread next to nothing", () => {
  const modules = new Map([
    ["packages/engine/src/worker.ts", [imports("./job.ts"), imports("@satchel/protocol", true), imports("node:fs")]],
    ["packages/engine/src/job.ts", [imports("./worker.ts")]],
  ]);
  assert.deepEqual(threadProblems({ modules, entries }, ["packages/engine/src/worker.ts"]), []);
});

test("[RP16] an entry that is not there is told, so that the check looks at something", () => {
  assert.match(threadProblems({ modules: new Map(), entries }, ["gone.ts"])[0] ?? "", /is no module/);
});
