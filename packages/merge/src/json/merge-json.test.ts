import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mergeJson } from "./merge-json.ts";
import { parseJson } from "./parse-json.ts";

function merge(base: unknown, mine: unknown, theirs: unknown, indent = 2): unknown {
  const text = (value: unknown): string => `${JSON.stringify(value, undefined, indent)}\n`;
  const result = mergeJson({ base: text(base), mine: text(mine), theirs: text(theirs) });
  return typeof result === "object" ? JSON.parse(result.text) : result;
}

describe("merging JSON", () => {
  it("takes different keys of two sides, also where both added one at the end [MG12]", () => {
    assert.deepEqual(merge({ a: 1 }, { a: 1, b: 2 }, { a: 1, c: { d: 3 } }), { a: 1, b: 2, c: { d: 3 } });
    assert.deepEqual(merge({ a: { x: 1, y: 1 } }, { a: { x: 2, y: 1 } }, { a: { x: 1 } }), { a: { x: 2 } });
  });

  it(
    "takes as long for a large object as its size says, and puts new keys where they came [MG12]",
    { timeout: 60_000 },
    () => {
      const keys = Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at] as const);
      const base = Object.fromEntries(keys);
      const [mine, theirs] = [
        { ...base, k7: -1, mine: 1 },
        { first: 1, ...base, theirs: 2 },
      ];
      assert.deepEqual(
        JSON.stringify(merge(base, mine, theirs)),
        JSON.stringify({ first: 1, ...base, k7: -1, mine: 1, theirs: 2 }),
      );
    },
  );

  it("leaves it to people when both changed one value, or one changed what the other took away [MG12]", () => {
    assert.equal(merge({ a: 1 }, { a: 2 }, { a: 3 }), "conflict");
    assert.equal(merge({ a: 1, b: 1 }, { b: 1 }, { a: 2, b: 1 }), "conflict");
    assert.equal(merge({}, { a: 1 }, { a: 2 }), "conflict");
  });

  it("merges arrays by item, and items in place [MG13]", () => {
    assert.deepEqual(merge([1, 2, 3, 4], [1, 2, 3, 4, 5], [0, 2, 3, 4]), [0, 2, 3, 4, 5]);
    assert.deepEqual(merge([{ a: 1, b: 1 }], [{ a: 2, b: 1 }], [{ a: 1, b: 2 }]), [{ a: 2, b: 2 }]);
    assert.equal(merge([1], [1, 2], [1, 3]), "conflict");
  });

  it("keeps the way in which things are written [MG11]", () => {
    const base = '{\n    "list": [1, 2,  3],\n    "name": "x", "deep": {"a": 1e3}\n}\n';
    const mine = base.replace('"x"', '"y"');
    const theirs = base.replace("1e3}", '1e3, "b": true}');
    assert.deepEqual(mergeJson({ base, mine, theirs }), {
      text: '{\n    "list": [1, 2,  3],\n    "name": "y", "deep": {"a": 1e3, "b": true}\n}\n',
    });
  });

  it("is not tried on what isn't JSON, or has a key twice [MG10]", () => {
    for (const text of [
      "{",
      '{"a":1,"a":2}',
      "[1,]",
      "01",
      '"\n"',
      "// x\n1",
      "",
      '"\\x"',
      `${"[".repeat(70)}${"]".repeat(70)}`,
    ])
      assert.equal(parseJson(text), undefined, text);
  });

  it("reads what JSON.parse reads, and gives it back as it was [MG11]", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat({ max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.equal(parseJson(text)?.value.raw, text);
      }),
    );
  });

  it("commutes, and a merge is JSON [MG7]", () => {
    const key = fc.constantFrom("a", "b", "c", "d");
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: "small" }, fc.nat({ max: 3 }), tie("object"), tie("array")),
      object: fc.dictionary(key, tie("any"), { maxKeys: 4 }),
      array: fc.array(tie("any"), { maxLength: 4 }),
    })).object;
    fc.assert(
      fc.property(value, value, value, fc.nat({ max: 2 }), (base, mine, theirs, indent) => {
        const one = merge(base, mine, theirs, indent);
        assert.deepEqual(merge(base, theirs, mine, indent), one);
        assert.notEqual(one, undefined);
      }),
    );
  });
});
