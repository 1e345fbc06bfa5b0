import assert from "node:assert/strict";
import { test } from "node:test";
import { logicalStyleProblems } from "./logical-styles.ts";

function problems(text: string): number {
  return logicalStyleProblems([{ path: "a.css", text }]).length;
}

test("sides of the screen are found in every form in which styles name them", () => {
  for (const text of [
    "a { left: 0; }",
    "a {\n  right : 1px;\n}",
    "a{margin-left:1px}",
    "a { padding-right: 1px; }",
    "a { border-left-color: red; }",
    "a { border-top-right-radius: 1px; }",
    "a { text-align: left; }",
    "a { float: right; }",
  ])
    assert.equal(problems(text), 1, text);
});

test("sides of reading, names of classes and other properties are left alone", () => {
  for (const text of [
    "a { inset-inline-start: 0; margin-inline-end: auto; text-align: start; }",
    ".left:only-child { color: red; }",
    '[data-align="right"] { text-align: end; }',
    "a { transform-origin: left top; }",
    "a { border-radius: 1px 2px 0 0; }",
  ])
    assert.equal(problems(text), 0, text);
});
