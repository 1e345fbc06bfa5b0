import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, EntryState } from "@satchel/protocol";
import { entryOfState } from "./entry.ts";
import { emptyListing, withChanges, withPage } from "./folder-listing.ts";

const folder = "aaaaaaaaaaaaaaaa.root" as EntryId;

function state(name: string, change: Partial<EntryState> = {}): EntryState {
  return {
    id: `aaaaaaaaaaaaaaaa.${name}` as EntryId,
    parent_id: folder,
    name,
    type: "file",
    deleted: false,
    sequence: 1,
    version_id: null,
    version_hash: null,
    size: 0,
    modified: null,
    executable: false,
    link_target: null,
    conflict_of: null,
    ...change,
  };
}

const names = (listing: ReturnType<typeof emptyListing>): string[] =>
  [...listing.entries.values()].map(({ name }) => name).toSorted();

test("[WB1] what is created, renamed, moved away, moved in and deleted changes the listing in place", () => {
  const start = withChanges(emptyListing(folder), [state("a"), state("b"), state("c")]);
  const after = withChanges(start, [
    state("a", { name: "renamed" }),
    state("b", { parent_id: "aaaaaaaaaaaaaaaa.other" as EntryId }),
    state("c", { deleted: true }),
    state("d"),
  ]);
  assert.deepEqual(names(after), ["d", "renamed"]);
});

test("[WB1] changes elsewhere leave the very same listing, so that nothing is drawn again", () => {
  const start = withChanges(emptyListing(folder), [state("a")]);
  const elsewhere = state("z", { parent_id: "aaaaaaaaaaaaaaaa.other" as EntryId });
  assert.equal(withChanges(start, [elsewhere]), start);
});

test("[WB2] a page that was read before a change does not undo it", () => {
  const deleted = state("gone");
  const moved = state("stays", { name: "new name" });
  const live = withChanges(emptyListing(folder), [moved]);
  const page = [deleted, state("stays", { name: "old name" }), state("other")].map(entryOfState);
  const listing = withPage(live, { entries: page, isLast: true, changed: new Set([deleted.id, moved.id]) });
  assert.deepEqual(names(listing), ["new name", "other"]);
  assert.equal(listing.complete, true);
});
