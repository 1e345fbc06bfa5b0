import assert from "node:assert/strict";
import { test } from "node:test";
import { findLong, ratchetProblems, tightened } from "./lengths.ts";

const lines = (count: number): string => "step();\n".repeat(count);

test("[RP7] files over 400 lines and functions over 70 are found by name", () => {
  const long = findLong([
    { path: "a.ts", text: lines(401) },
    { path: "b.ts", text: lines(400) },
    { path: "c.ts", text: `function big() {\n${lines(69)}}\nconst arrow = () => {\n${lines(70)}};\n` },
    { path: "d.ts", text: `class D {\n  method() {\n${lines(80)}}\n}\n` },
    { path: "e.ts", text: `function fits() {\n${lines(68)}}\n` },
  ]);
  assert.deepEqual(long, { "a.ts": 401, "c.ts#big": 71, "c.ts#arrow": 72, "d.ts#method": 82 });
});

test("[RP7] tests and migrations may hold long functions", () => {
  const text = `function suite() {\n${lines(100)}}\n`;
  assert.deepEqual(
    findLong([
      { path: "a.test.ts", text },
      { path: "x/migrations/0001-first.ts", text },
    ]),
    {},
  );
});

test("[RP8] what is too long may only shrink", () => {
  assert.match(ratchetProblems({ "a.ts": 450 }, {}).join(), /more than 400/);
  assert.match(ratchetProblems({ "a.ts#f": 90 }, {}).join(), /more than 70/);
  assert.match(ratchetProblems({ "a.ts": 451 }, { "a.ts": 450 }).join(), /grew from 450 to 451/);
  assert.deepEqual(ratchetProblems({ "a.ts": 450 }, { "a.ts": 450 }), []);
});

test("[RP8] the ratchet follows what shrank, and takes nothing new", () => {
  assert.match(ratchetProblems({ "a.ts": 440 }, { "a.ts": 450 }).join(), /got shorter/);
  assert.match(ratchetProblems({}, { "gone.ts": 450 }).join(), /got shorter/);
  assert.deepEqual(tightened({ "a.ts": 440, "new.ts": 500 }, { "a.ts": 450, "gone.ts": 500 }), { "a.ts": 440 });
});
