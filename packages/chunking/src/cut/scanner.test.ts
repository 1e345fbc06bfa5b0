import assert from "node:assert/strict";
import { test } from "node:test";
import { boundaryStrength, candidateThreshold, windowHash } from "./gear-hash.ts";
import { sampleBytes } from "./sample.fixture.ts";
import { createJavaScriptScanner } from "./scanner.ts";
import { createScanner, createWasmScanner } from "./wasm-scanner.ts";

const sizeBytes = 500_000;

for (const create of [createWasmScanner, createJavaScriptScanner]) {
  const scanner = create();
  const bytes = scanner.reserve(sizeBytes);
  bytes.set(sampleBytes("scanner", sizeBytes));

  test(`[CH1] the ${scanner.implementation} scanner finds all candidates, from the first position to the last`, () => {
    const expected: number[] = [];
    for (let at = 32; at <= sizeBytes; at++) if (windowHash(bytes, at) < candidateThreshold) expected.push(at);
    const found: number[] = [];
    for (let at = 32; (at = scanner.findCandidate(at, sizeBytes)) >= 0; at++) found.push(at);
    assert.ok(expected.length > 5);
    assert.deepEqual(found, expected);
    for (const at of expected) {
      assert.equal(scanner.findCandidate(at, at), at);
      assert.equal(scanner.findCandidate(at + 1, at), -1);
      for (let before = 1; before < 10; before++) {
        assert.equal(scanner.findCandidate(at - before, at), at);
        assert.equal(scanner.findCandidate(at - before, at - 1), -1);
      }
    }
  });

  test(`the ${scanner.implementation} scanner doesn't leave its buffer`, () => {
    assert.throws(() => scanner.findCandidate(31, 100), RangeError);
    assert.throws(() => scanner.findCandidate(100, 2 ** 30), RangeError);
  });
}

test("the scanner is WebAssembly where the platform has it", () => {
  assert.equal(createScanner().implementation, "wasm");
});

test("the scanner is JavaScript where the platform has no WebAssembly", (context) => {
  const name = "WebAssembly";
  const platform = Object.getOwnPropertyDescriptor(globalThis, name)!;
  context.after(() => Object.defineProperty(globalThis, name, platform));
  Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  assert.equal(createScanner().implementation, "javascript");
});

test("[CH3] the strength of a hash is how often the threshold can be halved above it", () => {
  const strengths = [4_294_967_295, 87_381, 87_380, 43_690, 43_689, 21_844, 10_921, 5_461, 5_460].map(boundaryStrength);
  assert.deepEqual(strengths, [-1, -1, 0, 0, 1, 2, 3, 3, 4]);
});
