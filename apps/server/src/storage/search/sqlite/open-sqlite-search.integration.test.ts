import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { mayBeMadeAnew, openSqliteSearchIndex } from "./open-sqlite-search.ts";

test("[SR12] a file that is no database is made anew; what a full or busy disk refused stays", async (t) => {
  const folder = await temporaryDirectory("search-index");
  t.after(() => folder.remove());
  const path = folder.join("search.db");
  await writeFile(path, "no database, but long enough to be taken for one ".repeat(100));
  const index = await openSqliteSearchIndex({ path, key: new Uint8Array(32) });
  assert.deepEqual(await index.listWorkspaces({ after: undefined, limit: 10 }), []);
  await index.close();
  assert.ok(mayBeMadeAnew(new Error("file is not a database")));
  for (const code of ["storage_full", "unavailable"] as const) assert.ok(!mayBeMadeAnew(new ProblemError(code)));
});
