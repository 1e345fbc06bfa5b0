import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeJoinCode, encodeJoinCode } from "./join-code.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".split("");
const secrets = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 64 });
const serverUrls = fc
  .tuple(
    fc.constantFrom("http://", "https://"),
    fc.webAuthority({ withPort: true }),
    fc.constantFrom("", "/", "/files/%20/"),
  )
  .map((parts) => parts.join(""));
const invitations = fc.record({ serverUrl: serverUrls, secret: secrets }, { noNullPrototype: true });

test("[CL13] a code gives back its address and secret, and needs no quoting in a shell", () => {
  fc.assert(
    fc.property(invitations, (invitation) => {
      const code = encodeJoinCode(invitation);
      assert.match(code, /^[A-Za-z0-9_-]+$/);
      assert.deepEqual(decodeJoinCode(`  ${code}\n`), invitation);
    }),
  );
});

test("[CL13] a code with one wrong, missing or added letter is refused", () => {
  const code = encodeJoinCode({ serverUrl: "http://127.0.0.1:7420", secret: "Zm9vYmFy" });
  for (let i = 0; i < code.length; i++) {
    const other = code[i] === "A" ? "B" : "A";
    const changed = [code.slice(0, i) + other + code.slice(i + 1), code.slice(0, i) + code.slice(i + 1)];
    for (const text of changed) {
      const decoded = decodeJoinCode(text);
      // The last letter may hold bits that no byte uses.
      if (i < code.length - 1) assert.equal(decoded, undefined, text);
    }
  }
  assert.equal(decodeJoinCode(`${code}AAAA`), undefined);
});

test("[CL13] anything else is refused, whatever it is", () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => assert.equal(decodeJoinCode(text), undefined)));
  for (const serverUrl of ["file:///etc/passwd", "javascript:alert(1)", "example.org"]) {
    assert.equal(decodeJoinCode(encodeJoinCode({ serverUrl, secret: "s" })), undefined);
  }
});
