import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskError, type DiskErrorCode } from "../ports/disk.ts";
import { settlingStructure } from "./settling-structure.ts";

for (const [code, isUnsettled] of [
  ["failed", true],
  ["exists", false],
] as const satisfies [DiskErrorCode, boolean][]) {
  test(`[DK12] a name that a disk may have changed although it says that it failed is not settled yet (${code})`, async () => {
    const settled: unknown[] = [];
    const disk = settlingStructure({
      perform: (method, ...parts) => {
        if (method !== "settle") return Promise.reject(new DiskError(code, "folder/new", "of the test"));
        settled.push(...parts);
        return Promise.resolve(undefined as never);
      },
    });
    await assert.rejects(disk.makeFolder("folder/new"), { code });
    assert.equal(disk.isUnsettled(), isUnsettled);
    await disk.settle();
    assert.deepEqual(settled, isUnsettled ? [["folder"]] : []);
    assert.equal(disk.isUnsettled(), false);
  });
}
