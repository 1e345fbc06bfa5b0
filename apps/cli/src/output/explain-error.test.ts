import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginRevokedError, OfflineError, UnexpectedAnswerError } from "@satchel/api-client";
import { ProblemError, problemKinds } from "@satchel/protocol";
import type { ProblemCode } from "@satchel/protocol";
import { CommandError, exitCode } from "./exit-code.ts";
import { explainError } from "./explain-error.ts";

test("[CL3] each kind of failure has its exit code", () => {
  const cases: [unknown, number][] = [
    [new CommandError(exitCode.timedOut, "Late."), 124],
    [new LoginRevokedError(), 3],
    [new ProblemError("token_expired"), 3],
    [new ProblemError("unauthenticated"), 3],
    [new OfflineError("gone"), 4],
    [new ProblemError("wrong_credentials"), 1],
    [new ProblemError("not_found"), 1],
    [new UnexpectedAnswerError("html"), 1],
    [new Error("anything"), 1],
    ["thrown text", 1],
  ];
  for (const [error, code] of cases) assert.equal(explainError(error).exitCode, code, String(error));
});

test("[CL4] every problem of the API becomes one sentence with advice", () => {
  for (const code of Object.keys(problemKinds) as ProblemCode[]) {
    const { sentence } = explainError(new ProblemError(code));
    assert.match(sentence, /^[A-Z][^\n]*: [^\n]+\.$/, code);
  }
});

test("[CL4] a fault of our own shows no stack and no further lines", () => {
  const { sentence } = explainError(new TypeError("x is not a function\n    at y (z.ts:1)"));
  assert.equal(sentence, "X is not a function: try again, and report it if it stays.");
});

test("[CL4] errors of the file system name the file and what is wrong", () => {
  const error = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", path: "/tmp/a" });
  assert.equal(explainError(error).sentence, "/tmp/a: there is no such file or folder.");
  assert.equal(
    explainError(Object.assign(new Error("full"), { code: "ENOSPC" })).sentence,
    "The disk is full; free some space.",
  );
});
