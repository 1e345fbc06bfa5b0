import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "./entry.ts";
import { nameCollator, sortEntries, turnedAround, type SortOrder } from "./sort.ts";

const entries = new Map(
  [
    { name: "file 10", size: 5, modified: "2026-01-02T00:00:00.000Z" },
    { name: "File 2", size: 9, modified: "2026-01-03T00:00:00.000Z" },
    { name: "beta", size: 5, modified: "2026-01-01T00:00:00.000Z" },
    { name: "Zoo", type: "folder" as const, size: 0, modified: null },
  ].map((some) => {
    const entry = { type: "file", ...some, id: some.name as EntryId } as Entry;
    return [entry.id, entry] as const;
  }),
);

function sorted(order: SortOrder): string[] {
  return sortEntries({ entries, order, collator: nameCollator("en") }).map(({ name }) => name);
}

test("[WB3] folders come first, and names are ordered as people count", () => {
  assert.deepEqual(sorted({ column: "name", descending: false }), ["Zoo", "beta", "File 2", "file 10"]);
  assert.deepEqual(sorted({ column: "name", descending: true }), ["Zoo", "file 10", "File 2", "beta"]);
});

test("[WB3] equal sizes are ordered by name, whatever the direction", () => {
  assert.deepEqual(sorted({ column: "size", descending: false }), ["Zoo", "beta", "file 10", "File 2"]);
  assert.deepEqual(sorted({ column: "size", descending: true }), ["Zoo", "File 2", "beta", "file 10"]);
  assert.deepEqual(sorted({ column: "modified", descending: true }), ["Zoo", "File 2", "file 10", "beta"]);
});

test("[WB3] sorting on from what was sorted before gives what sorting anew gives", () => {
  const names = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 30 });
  const orders = fc.record({ column: fc.constantFrom("name", "size", "modified"), descending: fc.boolean() });
  const collator = nameCollator("en");
  const listing = (some: readonly string[], pool: Map<string, Entry>): Map<EntryId, Entry> =>
    new Map(some.map((name) => [name as EntryId, pool.get(name) as Entry]));
  fc.assert(
    fc.property(names, names, orders, (first, second, order) => {
      const pool = new Map(
        [...first, ...second].map((name, index) => [
          name,
          { id: name, name, type: "file", size: index % 3, modified: null } as Entry,
        ]),
      );
      const before = sortEntries({ entries: listing(first, pool), order, collator });
      const wanted = { entries: listing(second, pool), order, collator };
      assert.deepEqual(sortEntries(wanted, before), sortEntries(wanted));
    }),
  );
});

test("[WB3] names turned around are names sorted the other way", () => {
  const collator = nameCollator("en");
  const named = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 30 });
  fc.assert(
    fc.property(named, fc.boolean(), (names, descending) => {
      const listing = new Map(
        names.map((name, index) => {
          const type = index % 3 === 0 ? "folder" : "file";
          return [name as EntryId, { id: name, name, type, size: 0, modified: null } as Entry] as const;
        }),
      );
      const sorted = sortEntries({ entries: listing, order: { column: "name", descending }, collator });
      const other = sortEntries({ entries: listing, order: { column: "name", descending: !descending }, collator });
      assert.deepEqual(turnedAround(sorted), other);
    }),
  );
});
