import assert from "node:assert/strict";
import { test } from "node:test";
import { lockfileProblems, reasonProblems, versionProblems } from "./dependencies.ts";

test("[RP11] the lockfile names no registry but the public one", () => {
  const locked = (resolved?: string) => ({
    packages: {
      "node_modules/a": { version: "1.0.0", integrity: "sha512-x", ...(resolved === undefined ? {} : { resolved }) },
    },
  });
  assert.deepEqual(lockfileProblems(locked()), []);
  assert.deepEqual(lockfileProblems(locked("https://registry.npmjs.org/a/-/a-1.0.0.tgz")), []);
  assert.match(
    lockfileProblems(locked("https://npm.example.com/a.tgz")).join(),
    /comes from https:\/\/npm\.example\.com/,
  );
});

test("[RP11] every locked package that is downloaded has a hash; our own need none", () => {
  assert.match(lockfileProblems({ packages: { "node_modules/a": { version: "1.0.0" } } }).join(), /no integrity/);
  assert.deepEqual(
    lockfileProblems({ packages: { "": {}, "packages/a": {}, "node_modules/@satchel/a": { link: true } } }),
    [],
  );
});

test("[RP11] the lockfile holds the packages of every platform, not only of the one it was made on", () => {
  const a = { version: "1.0.0", integrity: "sha512-x", optionalDependencies: { "a-linux": "1.0.0" } };
  const linux = (version: string) => ({ version, integrity: "sha512-y" });
  assert.match(lockfileProblems({ packages: { "node_modules/a": a } }).join(), /a-linux 1\.0\.0, which is not locked/);
  assert.deepEqual(lockfileProblems({ packages: { "node_modules/a": a, "node_modules/a-linux": linux("1.0.0") } }), []);
  const nested = { "node_modules/b/node_modules/a": a, "node_modules/a-linux": linux("2.0.0") };
  assert.match(lockfileProblems({ packages: nested }).join(), /which is not locked/);
  const beside = { ...nested, "node_modules/b/node_modules/a-linux": linux("1.0.0") };
  assert.deepEqual(lockfileProblems({ packages: beside }), []);
});

test("[RP12] versions are exact", () => {
  assert.deepEqual(versionProblems("package.json", { dependencies: { a: "1.2.3", b: "7.0.0-rc.1" } }), []);
  for (const version of ["^1.2.3", "~1.2.3", "1.x", "latest", "*", "file:../x"]) {
    assert.equal(versionProblems("package.json", { devDependencies: { a: version } }).length, 1, version);
  }
});

test("[RP17] every package of others has its reason on the page, and the page nothing else", () => {
  const page = "| package | why |\n| --- | --- |\n| `a` | parses |\n| `@b/c` | draws |\n| `d` | |\n";
  const manifests = [{ dependencies: { a: "1.0.0", "@satchel/e": "1.0.0" } }, { devDependencies: { d: "2.0.0" } }];
  assert.deepEqual(reasonProblems(page, manifests), [
    "docs/dependencies.md doesn't say why d is there",
    "docs/dependencies.md has @b/c, which no manifest names",
  ]);
});
