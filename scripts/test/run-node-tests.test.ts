import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { runNodeTests } from "./run-node-tests.ts";

const settings = {
  concurrency: 1,
  sharesProcesses: false,
  timeoutMs: 10_000,
  waits: false,
  needsPostgres: false,
  needsStack: false,
  needsBrowser: false,
};

/** The outcome of a test file with this body. */
async function outcomeOf(body: string): Promise<{ problems: readonly string[]; tests: number }> {
  await using directory = await temporaryDirectory("runner");
  const file = directory.join("sample.test.mjs");
  await writeFile(file, `import { test } from "node:test";\n${body}`);
  const { problems, counts } = await runNodeTests({ files: [file], settings, environment: {}, quiet: true });
  return { problems, tests: counts.tests };
}

test("[RP14] tests that pass are a success", async () => {
  assert.deepEqual(await outcomeOf(`test("one", () => {}); test("two", () => {});`), { problems: [], tests: 2 });
});

test("[RP14] a failing test, a skipped one, one to be done later: none is a success", async () => {
  assert.match((await outcomeOf(`test("one", () => { throw new Error("no"); });`)).problems.join(), /1 tests failed/);
  assert.match((await outcomeOf(`test("one", () => {}); test.skip("two", () => {});`)).problems.join(), /skipped/);
  assert.match((await outcomeOf(`test("one", () => {}); test.todo("two", () => {});`)).problems.join(), /skipped/);
});

test("[RP14] a failure is told with its test, its place and what was thrown; a suite of failed tests is none of its own", async () => {
  await using directory = await temporaryDirectory("runner");
  const file = directory.join("sample.test.mjs");
  await writeFile(
    file,
    `import { suite, test } from "node:test";
     suite("outer", () => { test("inner", () => { throw new Error("broken", { cause: "deep" }); }); });`,
  );
  const { failures, durations } = await runNodeTests({ files: [file], settings, environment: {}, quiet: true });
  assert.deepEqual(
    failures.map(({ test }) => test),
    ["inner"],
  );
  assert.match(failures[0]?.place ?? "", /sample\.test\.mjs:2$/);
  assert.match(failures[0]?.reason ?? "", /Error: broken[\s\S]*deep/);
  assert.match(durations.map((each) => each.file).join(), /^[^,]*sample\.test\.mjs$/);
  assert.ok((durations[0]?.seconds ?? 0) > 0);
});

test("[RP14] a run without tests or without files is no success", async () => {
  const none = await runNodeTests({ files: [], settings, environment: {}, quiet: true });
  assert.deepEqual(none.problems, ["no test files were found"]);
  assert.match((await outcomeOf(`process.exit(3);`)).problems.join(), /failed/);
});
