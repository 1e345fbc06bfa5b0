import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { trimMalloc } from "./trim-malloc.ts";

test("[EN126] what was freed goes back to the system, where the C library and Node can do it, and nothing happens elsewhere", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE row (text)");
  const insert = database.prepare("INSERT INTO row (text) VALUES (?)");
  for (let nth = 0; nth < 1000; nth += 1) insert.run(`text ${nth}`);
  const isAsked = trimMalloc();
  assert.equal(isAsked, trimMalloc());
  assert.equal(database.prepare("SELECT count(*) AS count FROM row").get()?.["count"], 1000);
  database.close();
});
