import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { lockedVersions, readAdvisories, type Advisory } from "./advisories.ts";
import { auditOffline } from "./audit-offline.ts";

const about = (name: string, more: object, ecosystem = "npm"): Advisory => ({
  id: "GHSA-1",
  modified: "2026-11-01T00:00:00Z",
  summary: "a hole",
  affected: [{ package: { ecosystem, name }, ...more }],
});
const range = (...events: object[]) => ({ ranges: [{ type: "SEMVER", events }] });
const kindOf = (advisory: Advisory, version: string) =>
  auditOffline([about("other", range({ introduced: "0" })), advisory], [{ name: "a", version }]).kind;

test("[RP19] a version is affected from where a hole came in until before it was mended, or with the last that had it", () => {
  const mended = about(
    "a",
    range({ introduced: "1.2.0" }, { fixed: "1.4.2" }, { introduced: "2.0.0" }, { fixed: "2.0.1" }),
  );
  const last = about("a", range({ introduced: "0" }, { last_affected: "1.9.9" }));
  const listed = about("a", { versions: ["3.0.0"], ranges: [{ type: "GIT", events: [{ introduced: "0" }] }] });
  for (const [advisory, affected, not] of [
    [mended, ["1.2.0", "1.4.1", "1.4.2-rc.1", "2.0.0"], ["1.1.9", "1.2.0-rc.1", "1.4.2", "1.10.0", "2.0.1", "2.10.0"]],
    [last, ["0.0.0-alpha", "0.0.1", "1.9.9"], ["1.9.10", "2.0.0"]],
    [listed, ["3.0.0"], ["3.0.1", "2.9.9"]],
  ] as const) {
    for (const version of affected) assert.equal(kindOf(advisory, version), "vulnerable", version);
    for (const version of not) assert.equal(kindOf(advisory, version), "clean", version);
  }
});

test("[RP19] bounds count in the order of versions, whatever the order that they are told in", () => {
  const told = about("a", range({ fixed: "10.0.0" }, { introduced: "9.0.0" }, { fixed: "2.0.0" }, { introduced: "0" }));
  for (const [version, kind] of [
    ["1.9.0", "vulnerable"],
    ["3.0.0", "clean"],
    ["9.5.0", "vulnerable"],
    ["10.0.0", "clean"],
  ] as const)
    assert.equal(kindOf(told, version), kind, version);
});

test("[RP19] what was withdrawn, is about another ecosystem or about another package says nothing", () => {
  const everything = range({ introduced: "0" });
  assert.equal(kindOf(about("a", everything), "1.0.0"), "vulnerable");
  assert.equal(kindOf({ ...about("a", everything), withdrawn: "2026-01-01T00:00:00Z" }, "1.0.0"), "clean");
  assert.equal(kindOf(about("a", everything, "PyPI"), "1.0.0"), "clean");
  assert.equal(kindOf(about("b", everything), "1.0.0"), "clean");
});

test("[RP19] a folder without advisories, and a bound that can't be understood, are no clean answer", () => {
  assert.equal(auditOffline([], [{ name: "a", version: "1.0.0" }]).kind, "unanswered");
  for (const events of [[{ introduced: "one" }], [{ introduced: "0" }, { mended: "1.0.0" }]])
    assert.equal(kindOf(about("a", range(...events)), "1.0.0"), "unanswered");
});

test("[RP19] advisories are found below a folder, and every locked version of a package of others counts", async () => {
  await using directory = await temporaryDirectory("advisories");
  mkdirSync(directory.join("2026/11/GHSA-1"), { recursive: true });
  const put = (path: string, content: unknown) => writeFileSync(directory.join(path), JSON.stringify(content));
  put("2026/11/GHSA-1/GHSA-1.json", about("a", range({ introduced: "0" }, { fixed: "2.0.0" })));
  put("2026/11/python.json", about("a", range({ introduced: "0" }), "PyPI"));
  put("package.json", { name: "no-advisory" });
  const locked = lockedVersions({
    packages: {
      "": { version: "0.1.0" },
      "apps/a": { name: "a", version: "1.0.0" },
      "node_modules/ours": { link: true },
      "node_modules/a": { version: "2.0.0" },
      "node_modules/b/node_modules/a": { version: "1.9.0" },
      "node_modules/alias": { name: "a", version: "1.8.0" },
      "node_modules/c/node_modules/a": { version: "1.9.0" },
    },
  });
  assert.deepEqual(auditOffline(readAdvisories(directory.path), locked), {
    kind: "vulnerable",
    sentence:
      "known holes, by 1 advisories about packages of npm, the newest of 2026-11-01:\n  a 1.8.0: GHSA-1, a hole\n  a 1.9.0: GHSA-1, a hole",
  });
});
