import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { test } from "node:test";
import { idTokenKey } from "./id-token-key.ts";

const keyBytes = 32;
/** One key in 256 begins with a zero byte: among so many there are some, always the same ones. */
const seeds = 3000;

test("[ID32] every server's key pair is whole, also one whose private key begins with zeros", () => {
  let withZeros = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const bytes = Buffer.alloc(keyBytes);
    bytes.writeUInt32BE(seed);
    const jwk = idTokenKey(bytes);
    const privateBytes = Buffer.from(jwk.d, "base64url");
    assert.equal(privateBytes.length, keyBytes, `seed ${seed}`);
    if (privateBytes[0] !== 0) continue;
    withZeros += 1;
    const { d, ...open } = jwk;
    const text = Buffer.from("an ID token");
    const signature = sign("sha256", text, createPrivateKey({ key: { ...open, d }, format: "jwk" }));
    assert.ok(verify("sha256", text, createPublicKey({ key: open, format: "jwk" }), signature));
  }
  assert.ok(withZeros > 3, "no key began with a zero, so nothing was shown");
});
