import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mergeCsv } from "./merge-csv.ts";
import { parseCsv } from "./parse-csv.ts";

const base = "id,name,age\n1,Ann,30\n2,Bob,40\n3,Cyd,50\n";

function merge(mine: string, theirs: string, from = base): string | undefined {
  const one = mergeCsv({ base: from, mine, theirs });
  assert.deepEqual(mergeCsv({ base: from, mine: theirs, theirs: mine }), one);
  return typeof one === "object" ? one.text : one;
}

describe("merging tables", () => {
  it("takes different cells of one row [MG14]", () => {
    assert.equal(
      merge(base.replace("Bob", '"Bob, jr."'), base.replace("2,Bob,40", "2,Bob,41")),
      'id,name,age\n1,Ann,30\n2,"Bob, jr.",41\n3,Cyd,50\n',
    );
    assert.equal(merge(base.replace("40", "41"), base.replace("40", "42")), "conflict");
  });

  it("takes a new column of one side and changed, new and deleted rows of the other [MG15] [MG16]", () => {
    const wider = "id,name,city,age\n1,Ann,Rome,30\n2,Bob,Oslo,40\n3,Cyd,,50\n";
    assert.equal(
      merge(wider, "id,name,age\n1,Anna,30\n2,Bob,40\n4,Dan,60\n"),
      "id,name,city,age\n1,Anna,Rome,30\n2,Bob,Oslo,40\n4,Dan,,60\n",
    );
  });

  it("leaves it to people when a side says something in what the other took away [MG15] [MG16]", () => {
    assert.equal(merge(base.replace("2,Bob,40\n", ""), base.replace("Bob", "Rob")), "conflict");
    assert.equal(merge("id,name\n1,Ann\n2,Bob\n3,Cyd\n", base.replace("40", "41")), "conflict");
    assert.equal(merge(`${base}4,Dan,60\n`, `${base}5,Eve,70\n`), "conflict");
  });

  it("is not tried on what is no table [MG10]", () => {
    for (const text of ["", "a\nb\n", "a,b\nc\n", 'a,"b\n', 'a,b"c\nd,"e"f\n', "a,b\r\nc,d\n"])
      assert.equal(parseCsv(text), undefined, text);
  });

  it("gives tables back as they were [MG14]", () => {
    const cell = fc.constantFrom("", "x", "1", '"a,b"', '"q""q"', '"two\nlines"');
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, (table) => {
        const text = table.map((row) => row.join(",")).join("\n");
        const read = parseCsv(`a,b,c\n${text}\n`);
        assert.equal(read?.rows.map((row) => row.join(",")).join("\n"), `a,b,c\n${text}`);
      }),
    );
  });

  it("keeps every row and cell that one side alone wrote [MG15]", () => {
    const rowsOf = fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 3, maxLength: 10 });
    fc.assert(
      fc.property(
        rowsOf,
        fc.array(fc.constantFrom("mine", "theirs", "nobody"), { minLength: 10, maxLength: 10 }),
        (ids, who) => {
          const write = (side: string): string =>
            ["id,v,w", ...ids.map((id, at) => `${id},v${id}${who[at] === side ? `-${side}` : ""},w${id}`)].join("\n");
          const all = [
            "id,v,w",
            ...ids.map((id, at) => `${id},v${id}${who[at] === "nobody" ? "" : `-${who[at] ?? ""}`},w${id}`),
          ];
          assert.equal(merge(write("mine"), write("theirs"), write("nobody-at-all")), all.join("\n"));
        },
      ),
    );
  });
});
