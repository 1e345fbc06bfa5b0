import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseIf, tokensOf } from "./if-header.ts";

test("[WD9] an If header is lists of tokens and tags, of the address before them or of the request's own", () => {
  assert.deepEqual(parseIf(`(<urn:a> ["x y"]) (Not <DAV:no-lock>)`), [
    {
      address: undefined,
      conditions: [
        { isNot: false, kind: "token", value: "urn:a" },
        { isNot: false, kind: "etag", value: `"x y"` },
      ],
    },
    { address: undefined, conditions: [{ isNot: true, kind: "token", value: "DAV:no-lock" }] },
  ]);
  const tagged = parseIf(`<http://h/dav/a> (<urn:a>)(["1"]) </dav/b> (not [W/"2"])`);
  assert.deepEqual(
    tagged.map(({ address }) => address),
    ["http://h/dav/a", "http://h/dav/a", "/dav/b"],
  );
  assert.deepEqual(tagged[2]?.conditions, [{ isNot: true, kind: "etag", value: `W/"2"` }]);
  assert.deepEqual([...tokensOf(parseIf("(<urn:a>) (Not <urn:b>)"))], ["urn:a"]);
});

test("[WD9] what is no If header is refused, whatever it is", () => {
  for (const text of ["", "()", "(", "<a>", "(<a>", "(Not)", "(Not Not <a>)", "[x]", `("a")`, "(<a>) x", "((<a>))"])
    assert.throws(() => parseIf(text), { code: "bad_request" }, text);
  fc.assert(
    fc.property(fc.stringMatching(/^[()<>[\]"Not a]{0,40}$/), (text) => {
      try {
        assert.ok(parseIf(text).length > 0);
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, "bad_request");
      }
    }),
  );
});
