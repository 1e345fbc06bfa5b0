import assert from "node:assert/strict";
import { test } from "node:test";
import { Contents } from "../work/contents.ts";
import { BrokenPromiseError } from "./broken-promise.ts";
import { checkSentOnce } from "./sent-once.ts";

test("[SI14] a content that travels more often than somebody wrote it is told, and parts of larger ones are not", () => {
  const contents = new Contents();
  contents.born("one", { who: "ann", path: "a" });
  contents.born("two", { who: "ann", path: "a" });
  contents.born("two", { who: "ann", path: "a copy" });
  const check = (sent: [string, number][]) => () => checkSentOnce({ server: { sentChunks: new Map(sent) }, contents });
  check([
    ["one", 1],
    ["two", 2],
    ["a part", 3],
  ])();
  assert.throws(check([["one", 2]]), BrokenPromiseError);
});
