import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { runNodeTests, type TestOutcome } from "./run-node-tests.ts";
import { concernsItsProcess, filesOfEntry, shareProcesses, writeEntries } from "./shared-processes.ts";

const PLAIN = `import { test } from "node:test";\ntest("one", () => {});\n`;

/** Puts test files with these texts there, and answers their paths. */
function put(directory: TemporaryDirectory, texts: readonly string[]): string[] {
  return texts.map((text, index) => {
    const path = directory.join(`sample-${index}.test.mjs`);
    writeFileSync(path, text);
    return path;
  });
}

async function outcomeOf(directory: TemporaryDirectory, texts: readonly string[]): Promise<TestOutcome> {
  const settings = {
    concurrency: 1,
    sharesProcesses: true,
    timeoutMs: 30_000,
    waits: false,
    needsPostgres: false,
    needsStack: false,
    needsBrowser: false,
  };
  return runNodeTests({ files: put(directory, texts), settings, environment: {}, quiet: true });
}

test("[RP20] twelve neighbours share a process, and a file that changes its process is alone", async () => {
  await using directory = await temporaryDirectory("sharing");
  const texts = Array.from({ length: 14 }, () => PLAIN);
  const files = put(directory, [...texts.slice(0, 3), `${PLAIN}before(() => {});`, ...texts.slice(3)]);
  const processes = shareProcesses(files);
  assert.deepEqual(
    processes.map(({ length }) => length),
    [12, 1, 2],
  );
  assert.deepEqual(processes.flat().toSorted(), files.toSorted());
  assert.deepEqual(processes[1], [files[3]]);
  const entries = writeEntries(directory.path, processes);
  assert.equal(entries[1], files[3]);
  assert.equal(filesOfEntry(entries[1] ?? ""), undefined);
  assert.equal(filesOfEntry(entries[0] ?? "")?.length, 12);
});

test("[RP20] hooks for all tests, replaced clocks and settings of the process are seen in a text", () => {
  const alone = [
    "beforeEach(async () => {",
    "context.mock.timers.enable();",
    'process.env["HOME"] = folder;',
    "process.exitCode = 1;",
    'import { keepHeapTight } from "./heap-growth.ts";',
  ];
  for (const line of alone) assert.equal(concernsItsProcess(`${PLAIN}${line}`), true, line);
  const shared = ["  before(async () => {", 'if (process.env["HOME"] === "") return;', "const hammock = 1;"];
  for (const line of shared) assert.equal(concernsItsProcess(`${PLAIN}${line}`), false, line);
});

test("[RP20] tests of files that share a process are counted each, and one that fails is told with its file", async () => {
  await using directory = await temporaryDirectory("sharing");
  const failing = `import { test } from "node:test";\ntest("two", () => {\n  throw new Error("broken");\n});\n`;
  const { counts, failures, durations } = await outcomeOf(directory, [PLAIN, failing, PLAIN]);
  assert.deepEqual([counts.tests, counts.passed, counts.failed], [3, 2, 1]);
  assert.equal(failures.length, 1);
  assert.match(failures[0]?.place ?? "", /sample-1\.test\.mjs:2$/);
  assert.equal(durations.length, 3);
});

test("[RP20] a file that throws while it loads fails the run, after tests of its own too", async () => {
  await using directory = await temporaryDirectory("sharing");
  const { problems, failures } = await outcomeOf(directory, [PLAIN, `${PLAIN}throw new Error("no");\n`]);
  assert.equal(problems.length, 1);
  assert.match(failures[0]?.reason ?? "", /sample-0\.test\.mjs[\s\S]*sample-1\.test\.mjs/);
});

test("[RP20] a file that ends its process with success, at once or in a test, fails the run: its neighbours' tests did not run", async () => {
  // Not by a name that would give the file a process for itself.
  const leave = `const { process: ours } = globalThis;\n`;
  for (const text of [`${leave}ours.exit(0);\n`, `${PLAIN}${leave}test("two", () => ours.exit(0));\n`]) {
    await using directory = await temporaryDirectory("sharing");
    const { problems, failures } = await outcomeOf(directory, [PLAIN, text, PLAIN]);
    assert.equal(problems.length, 1, text);
    assert.match(failures[0]?.reason ?? "", /sample-0\.test\.mjs[\s\S]*sample-2\.test\.mjs/);
  }
});
