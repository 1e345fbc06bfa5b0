import assert from "node:assert/strict";
import { test } from "node:test";
import { privateWordProblems, privateWords, wordsOfThisMachine } from "./private-words.ts";

const problems = (text: string): string[] =>
  privateWordProblems([{ path: "a.md", text }], [...privateWords, ...wordsOfThisMachine("/srv/checkout", "/home/ada")]);

test("[RP10] paths of this machine are found, and only whole ones", () => {
  assert.deepEqual(problems("one\ncd /srv/checkout/src"), ["a.md:2 holds this machine's path of the checkout"]);
  assert.deepEqual(problems("~ is /home/ada"), ["a.md:1 holds a home directory of this machine"]);
  assert.deepEqual(problems("/home/adam and /mnt/srv/checkout are others'"), []);
});

test("[RP10] keys, tokens and private hosts are found", () => {
  // Put together here, so that this file itself holds none of them.
  const secrets = [
    ["-----BEGIN EC PRIVATE", " KEY-----\nMHcCAQ"],
    ["AKIA", "ABCDEFGHIJKLMNOP"],
    ["ghp_", "a".repeat(36)],
    ["//npm.example.com/:_auth", "Token=x"],
    ["https://artif", "actory.example.com/npm"],
    ["http://files.example.cor", "p/x"],
  ];
  for (const parts of secrets) assert.equal(problems(parts.join("")).length, 1, parts.join(""));
  assert.deepEqual(problems("https://registry.npmjs.org/ and https://example.com/private"), []);
});
