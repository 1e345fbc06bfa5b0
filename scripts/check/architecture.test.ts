import assert from "node:assert/strict";
import { test } from "node:test";
import { architectureProblems, IMPORT_TABLE, type CheckedTree } from "./architecture.ts";
import type { ModuleImport } from "./find-imports.ts";

const MANIFESTS = new Map([
  ["scripts", { name: "root", devDependencies: { "fast-check": "4.10.2" } }],
  ["packages/protocol", { name: "@satchel/protocol", dependencies: { zod: "4.6.7" } }],
  ["packages/testkit", { name: "@satchel/testkit" }],
  [
    "packages/reconcile",
    {
      name: "@satchel/reconcile",
      dependencies: { "@satchel/protocol": "0.1.0", "@satchel/engine": "0.1.0" },
      devDependencies: { "@satchel/testkit": "0.1.0", "@types/ws": "8.18.2" },
    },
  ],
  [
    "packages/engine",
    {
      name: "@satchel/engine",
      imports: { "#disk": { browser: "./src/none.ts", default: "./src/disk.ts" }, "#out": "ws" },
    },
  ],
]);

/** The problems of one import, in a tree whose other modules are fine. */
function problemsOf(path: string, specifier: string | undefined, typeOnly = false): string[] {
  const imported: ModuleImport = { specifier, typeOnly, line: 3 };
  const filler = [...MANIFESTS.keys()].map((folder) => [`${folder}/src/filler.ts`, []] as const);
  const tree: CheckedTree = {
    table: IMPORT_TABLE,
    manifests: MANIFESTS,
    modules: new Map<string, readonly ModuleImport[]>([...filler, [path, [imported]]]),
  };
  return architectureProblems(tree);
}

test("[RP1] an import that the table lists is fine, one that it doesn't list fails with the reason", () => {
  assert.deepEqual(problemsOf("packages/reconcile/src/plan.ts", "@satchel/protocol"), []);
  assert.deepEqual(problemsOf("packages/reconcile/src/plan.ts", "@satchel/engine"), [
    "packages/reconcile/src/plan.ts:3 imports @satchel/engine, but packages/reconcile may not: " +
      "deciding is pure: it knows no disk, clock or network, so that one seed replays it",
  ]);
});

test("[RP1] a type import is an import like any other", () => {
  assert.match(
    problemsOf("packages/reconcile/src/plan.ts", "@satchel/engine", true).join(),
    /may not: deciding is pure/,
  );
});

test("[RP2] a package that package.json does not declare can't be imported", () => {
  assert.match(
    problemsOf("packages/engine/src/a.ts", "@satchel/protocol").join(),
    /not in the dependencies of packages\/engine/,
  );
  assert.deepEqual(problemsOf("packages/protocol/src/a.ts", "zod/mini"), []);
  assert.deepEqual(problemsOf("packages/protocol/src/a.ts", "node:fs"), []);
});

test("[RP2] what ships can't stand on development dependencies, tests and types can", () => {
  assert.match(problemsOf("packages/protocol/src/a.ts", "fast-check").join(), /not in the dependencies/);
  assert.deepEqual(problemsOf("packages/protocol/src/a.test.ts", "fast-check"), []);
  assert.deepEqual(problemsOf("packages/reconcile/src/a.ts", "ws", true), []);
  assert.match(problemsOf("packages/reconcile/src/a.ts", "ws").join(), /not in the dependencies/);
});

test("[RP3] a relative path that leaves its package fails", () => {
  assert.deepEqual(problemsOf("packages/engine/src/scan/a.ts", "../state/b.ts"), []);
  assert.match(problemsOf("packages/engine/src/a.ts", "../../protocol/src/index.ts").join(), /outside its package/);
  assert.match(problemsOf("packages/engine/src/a.ts", "/tmp/x.ts").join(), /import by name/);
});

test("[RP3] scripts and tests may name the files of the program that they start", () => {
  assert.deepEqual(problemsOf("scripts/start.mjs", "../apps/satchel/src/main.ts"), []);
  assert.match(problemsOf("scripts/start.mjs", "../apps/cli/src/index.ts").join(), /outside its package/);
});

test("[RP3] an import whose name is computed fails, since nothing can check it", () => {
  assert.match(problemsOf("packages/engine/src/a.ts", undefined).join(), /computed name/);
});

test("[RP4] only test code imports the test tools and other test code", () => {
  assert.deepEqual(problemsOf("packages/reconcile/src/a.test.ts", "@satchel/testkit"), []);
  assert.deepEqual(problemsOf("packages/reconcile/src/a.fixture.ts", "@satchel/testkit"), []);
  assert.match(problemsOf("packages/reconcile/src/a.ts", "@satchel/testkit").join("\n"), /which is for tests only/);
  assert.match(problemsOf("packages/reconcile/src/a.ts", "./b.fixture.ts").join(), /which is for tests only/);
});

test("[RP5] a package without a row, a package without modules and a module without a package fail", () => {
  const tree = {
    table: IMPORT_TABLE,
    manifests: new Map([["packages/extra", { name: "extra" }]]),
    modules: new Map([["lost/a.ts", []]]),
  };
  assert.deepEqual(architectureProblems(tree), [
    "packages/extra has no row in the import table",
    "packages/extra has no modules",
    "lost/a.ts belongs to no package of the import table",
  ]);
});

test("[RP3] a name of a package's own leads to its own files, whatever the condition", () => {
  const path = "packages/engine/src/run.ts";
  assert.deepEqual(problemsOf(path, "#disk"), []);
  assert.deepEqual(problemsOf(path, "#watch"), [
    `${path}:3 imports #watch, which packages/engine/package.json does not name`,
  ]);
  assert.deepEqual(problemsOf(path, "#out"), [`${path}:3 imports #out, which names ws: name a file of the package`]);
});
