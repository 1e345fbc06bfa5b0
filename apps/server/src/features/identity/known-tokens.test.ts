import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AccountId, DeviceId } from "@satchel/protocol";
import { issueAccessToken, readAccessToken } from "./access-token.ts";
import { rememberTokens } from "./known-tokens.ts";

const key = new Uint8Array(32).fill(7);
const claims = { accountId: "a".repeat(16) as AccountId, deviceId: "d".repeat(16) as DeviceId, expiresAtMs: 1000 };

describe("tokens that are remembered", () => {
  test("a token's seal is read once, and its time is asked at each use", () => {
    let reads = 0;
    const read = rememberTokens((token, nowMs) => {
      reads += 1;
      return readClaims(token, nowMs);
    });
    assert.deepEqual([read("1000", 1), read("1000", 999), reads], [claims, claims, 1]);
    assert.throws(() => read("1000", 1000), /over/);
    assert.throws(() => read("1000", 1001), /over/);
  });

  test("a token that was refused is not remembered, nor is one that only begins like a good one", () => {
    const read = rememberTokens((token, nowMs) => readAccessToken(key, token, nowMs));
    const token = issueAccessToken(key, claims);
    assert.throws(() => read(`${token}x`, 1), { code: "unauthenticated" });
    assert.throws(() => read(`${token}x`, 1), { code: "unauthenticated" });
    assert.deepEqual(read(token, 1), claims);
    assert.throws(() => read(token.slice(0, -1), 1), { code: "unauthenticated" });
  });

  test("of more than fit the oldest is read again", () => {
    const seen: string[] = [];
    const read = rememberTokens((token, nowMs) => {
      seen.push(token);
      return readClaims(token, nowMs);
    }, 2);
    for (const token of ["1001", "1002", "1001", "1003", "1002", "1001"]) read(token, 1);
    assert.deepEqual(seen, ["1001", "1002", "1003", "1001"]);
  });
});

/** A token that says when it is over, and nothing else. */
function readClaims(token: string, nowMs: number) {
  const expiresAtMs = Number(token);
  if (expiresAtMs <= nowMs) throw new Error("its time is over");
  return { ...claims, expiresAtMs };
}
