import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseBytes } from "./release-bytes.ts";

test("[CS34] bytes with a buffer of their own are given back at once", () => {
  const bytes = new Uint8Array(100_000);
  releaseBytes(bytes);
  assert.equal(bytes.buffer.detached, true);
});

test("[CS34] what shares its buffer, small bytes and Node's own pool are left alone", () => {
  const whole = new Uint8Array(100_000);
  const pooled = Buffer.from("pooled");
  const shared = new Uint8Array(new SharedArrayBuffer(100_000)).fill(1);
  for (const bytes of [whole.subarray(0, 50_000), new Uint8Array(100), pooled, new Uint8Array(pooled.buffer), shared]) {
    const before = bytes.length;
    releaseBytes(bytes);
    assert.equal(bytes.length, before);
  }
  assert.equal(whole.buffer.detached, false);
});
