import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { DiskError } from "../ports/disk.ts";
import { guardedPaths } from "./guarded-path.ts";

const deep = Array.from({ length: 60 }, (_, level) => `level-${level}`).join("/");
const middle = deep.split("/").slice(0, 30).join("/");
const isGone = (error: unknown): boolean => error instanceof DiskError && error.code === "gone";

test("[DK1] below a link nothing is there, however deep the link and what is below it", async () => {
  await using directory = await temporaryDirectory("guard");
  const root = directory.join("root");
  mkdirSync(`${root}/${deep}`, { recursive: true });
  const guard = (path: string): string => guardedPaths(root).guard(path);
  assert.equal(guard(`${deep}/file`), `${root}/${deep}/file`);
  renameSync(`${root}/${middle}`, directory.join("elsewhere"));
  assert.throws(() => guard(`${deep}/file`), isGone);
  symlinkSync(directory.join("elsewhere"), `${root}/${middle}`);
  assert.throws(() => guard(`${deep}/file`), isGone);
  assert.throws(() => guard(`${middle}/file`), isGone);
});

test("a root that is itself reached by a link is a root like any other", async () => {
  await using directory = await temporaryDirectory("guard");
  mkdirSync(directory.join("real", deep), { recursive: true });
  symlinkSync(directory.join("real"), directory.join("root"));
  const root = directory.join("root");
  assert.equal(guardedPaths(root).guard(`${deep}/file`), `${root}/${deep}/file`);
});
