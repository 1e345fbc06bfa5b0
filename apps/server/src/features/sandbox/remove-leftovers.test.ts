import assert from "node:assert/strict";
import { mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { removeLeftovers } from "./remove-leftovers.ts";

test("[WK20] folders that a killed server left are removed two hours later, and nothing else", async (t) => {
  const place = await temporaryDirectory("leftovers");
  t.after(() => place.remove());
  const longAgo = new Date(Date.now() - 3 * 3600 * 1000);
  for (const name of ["program-old", "program-new", "other-old"]) {
    await mkdir(place.join(name));
    await writeFile(place.join(name, "input"), "what people keep");
    if (name.endsWith("old")) await utimes(place.join(name), longAgo, longAgo);
  }
  await writeFile(place.join("program-file"), "");
  await symlink(place.join("other-old"), place.join("program-link"));
  await removeLeftovers(place.path, "program-");
  assert.deepEqual((await readdir(place.path)).toSorted(), [
    "other-old",
    "program-file",
    "program-link",
    "program-new",
  ]);
  assert.deepEqual(await readdir(place.join("other-old")), ["input"]);
  await removeLeftovers(place.join("nowhere"), "program-");
});
