import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommittedContent, VersionHash } from "@satchel/protocol";
import { ManifestStore } from "../state/manifest-store.ts";
import { agree } from "./agree.ts";
import { Offers, openOffers, recognise } from "./offers.ts";
import { entryId, openState, remoteFile } from "./record.fixture.ts";

const id = entryId(1);

test("[EN11] what the feed tells and was offered is the base of all that was done since", () => {
  const state = openState();
  const offers = new Offers(state.database);
  offers.add([{ record: remoteFile(id, "a", "offered", 0), aspect: "all" }]);
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, remoteFile(id, "a", "offered", 7));
  assert.equal(state.synced.find(id)?.contentHash, "offered");
  assert.equal(state.synced.find(id)?.versionId, "v7");
  assert.deepEqual(offers.of(id), []);
});

test("[EN11] the earlier of two unanswered changes is recognised too, and the later kept in mind", () => {
  const state = openState();
  const offers = new Offers(state.database);
  agree(state, id, remoteFile(id, "a", "first"), "all");
  offers.add([{ record: remoteFile(id, "a", "second"), aspect: "content" }]);
  offers.add([{ record: remoteFile(id, "a", "third"), aspect: "content" }]);
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, remoteFile(id, "a", "second", 8));
  assert.equal(state.synced.find(id)?.contentHash, "second");
  assert.deepEqual(
    offers.of(id).map(({ record }) => record.contentHash),
    ["third"],
  );
});

test("[EN11] of two unanswered changes that differ in the mode only, the one with what is told is the base", () => {
  const state = openState();
  const offers = new Offers(state.database);
  const made = remoteFile(id, "a", "content", 0);
  offers.add([{ record: { ...made, executable: false }, aspect: "all" }]);
  offers.add([{ record: { ...made, executable: true }, aspect: "all" }]);
  const told = { ...remoteFile(id, "a", "content", 3), executable: false };
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, told);
  assert.equal(state.synced.find(id)?.executable, false);
});

test("[EN112] a content whose place somebody else's took is not taken for one's own when it comes back", () => {
  const state = openState();
  const offers = new Offers(state.database);
  agree(state, id, remoteFile(id, "a", "base"), "all");
  offers.add([{ record: remoteFile(id, "a", "mine"), aspect: "content" }]);
  offers.add([{ record: remoteFile(id, "moved", "base"), aspect: "place" }]);
  offers.forgetContent(id);
  agree(state, id, remoteFile(id, "a", "theirs", 2), "content");
  for (const known of [offers, new Offers(state.database)]) {
    recognise({ state, offers: known, manifests: new ManifestStore(state.database) }, remoteFile(id, "a", "mine", 3));
    assert.equal(state.synced.find(id)?.contentHash, "theirs");
    assert.equal(known.of(id).length, 1);
  }
});

test("[EN111] a merge whose answer was lost is recognised, and what this device had is the base", () => {
  const state = openState();
  const manifests = new ManifestStore(state.database);
  const offers = new Offers(state.database);
  agree(state, id, remoteFile(id, "a", "base"), "all");
  const packed = new Uint8Array(36).fill(7);
  const merged: CommittedContent = {
    version_hash: "mine" as VersionHash,
    size: 4,
    chunks: Buffer.from(packed).toString("base64"),
    modified: "2026-01-01T00:00:00.000Z",
    executable: true,
  };
  offers.add([{ record: remoteFile(id, "a", "merge"), aspect: "content", merged }]);
  recognise({ state, offers: new Offers(state.database), manifests }, remoteFile(id, "a", "merge", 9));
  const base = state.synced.find(id);
  assert.deepEqual(
    [base?.contentHash, base?.sizeBytes, base?.versionId, base?.executable, base?.modifiedMs],
    ["mine", 4, null, true, Date.UTC(2026, 0, 1)],
  );
  assert.deepEqual(Buffer.from(manifests.findPacked("mine" as VersionHash) ?? []), Buffer.from(packed));
});

test("[EN11] a time that was offered is not taken to be agreed on when the content that it was for is told", () => {
  const state = openState();
  const [offers, manifests] = [new Offers(state.database), new ManifestStore(state.database)];
  const made = remoteFile(id, "a", "content");
  agree(state, id, made, "all");
  offers.add([{ record: { ...made, modifiedMs: 2000 }, aspect: "attributes" }]);
  recognise({ state, offers, manifests }, { ...made, name: "moved", sequence: 2 });
  assert.equal(state.synced.find(id)?.modifiedMs, made.modifiedMs);
  assert.equal(offers.of(id).length, 1);
  recognise({ state, offers, manifests }, { ...made, modifiedMs: 2000, sequence: 3 });
  assert.equal(state.synced.find(id)?.modifiedMs, 2000);
  assert.deepEqual(offers.of(id), []);
});

test("[EN11] what others did is not taken for one's own", () => {
  const state = openState();
  const offers = new Offers(state.database);
  agree(state, id, remoteFile(id, "a", "base"), "all");
  offers.add([
    { record: remoteFile(id, "a", "mine"), aspect: "content" },
    { record: remoteFile(id, "mine", "base"), aspect: "place" },
  ]);
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, remoteFile(id, "theirs", "theirs", 8));
  assert.equal(state.synced.find(id)?.contentHash, "base");
  assert.equal(state.synced.find(id)?.name, "a");
  assert.equal(offers.of(id).length, 2);
});

test("[EN11] an answered change is forgotten, and its entry's other ones are not", () => {
  const state = openState();
  const offers = new Offers(state.database);
  const first = offers.add([{ record: remoteFile(id, "a", "first"), aspect: "all" }]);
  offers.add([{ record: remoteFile(id, "a", "second"), aspect: "all" }]);
  offers.remove(first);
  assert.deepEqual(
    offers.of(id).map(({ record }) => record.contentHash),
    ["second"],
  );
});

test("[EN11] what was offered is known after a restart", () => {
  const state = openState();
  new Offers(state.database).add([{ record: remoteFile(id, "a", "offered"), aspect: "all" }]);
  assert.deepEqual(
    new Offers(state.database).of(id).map(({ record }) => record.contentHash),
    ["offered"],
  );
});

test("[EN11] of more than ten thousand changes the oldest are not kept in mind", () => {
  const state = openState();
  const offers = new Offers(state.database);
  for (let commit = 0; commit < 3; commit += 1) {
    const records = Array.from({ length: 5000 }, (_, index) =>
      remoteFile(entryId(index % 200), `${commit}`, `${commit}`),
    );
    offers.add(records.map((record) => ({ record, aspect: "all" })));
  }
  assert.deepEqual([...new Set(offers.of(entryId(0)).map(({ record }) => record.name))], ["1", "2"]);
});

test("[EN19] a later answer settles what was offered before of the same aspect, also for the next start", () => {
  const state = openState();
  const offers = new Offers(state.database);
  const [other, second] = [entryId(2), remoteFile(id, "a", "second")];
  offers.add([
    { record: remoteFile(id, "a", "first"), aspect: "all" },
    { record: remoteFile(other, "b", "other"), aspect: "all" },
  ]);
  offers.add([{ record: remoteFile(id, "moved", "first"), aspect: "place" }]);
  const answered = offers.add([{ record: second, aspect: "content" }]);
  offers.remove(answered);
  offers.supersede(id, "content", answered);
  agree(state, id, second, "all");
  for (const known of [offers, new Offers(state.database)]) {
    assert.deepEqual(
      known.of(id).map(({ aspect }) => aspect),
      ["place"],
    );
    assert.equal(known.of(other).length, 1);
    recognise({ state, offers: known, manifests: new ManifestStore(state.database) }, remoteFile(id, "a", "first", 9));
    assert.equal(state.synced.find(id)?.contentHash, "second");
  }
});

test("[EN11] of two offers of a new file, of which it was renamed in between, the server took the one that has the place that is told", () => {
  const state = openState();
  const [offers, manifests] = [new Offers(state.database), new ManifestStore(state.database)];
  const [first, second] = [remoteFile(id, "a", "same"), remoteFile(id, "A", "same")];
  for (const record of [first, second]) offers.add([{ record, aspect: "all" }]);
  state.transaction(() => recognise({ state, offers, manifests }, { ...first, sequence: 9 }));
  assert.equal(state.synced.find(id)?.name, "a", "that it is called A here is a rename still to be told");
  assert.deepEqual(
    offers.of(id).map(({ record }) => record.name),
    ["A"],
  );
});

test("[EN134] what was offered is known again when the step that took it out of the books was undone", () => {
  const state = openState();
  const offers = openOffers(state);
  const answered = state.transaction(() => offers.add([{ record: remoteFile(id, "a", "offered"), aspect: "content" }]));
  state.flush();
  state.transaction(() => offers.remove(answered));
  assert.deepEqual(offers.of(id), []);
  state.abandon();
  assert.equal(offers.of(id)[0]?.commit, answered);
  assert.deepEqual([...offers.doubted], [id]);
  const next = state.transaction(() => offers.add([{ record: remoteFile(id, "a", "later"), aspect: "content" }]));
  state.abandon();
  assert.notEqual(
    state.transaction(() => offers.add([])),
    next,
  );
  state.close();
});

test("[EN134] an edit that went with a move stays open when the move is told and another edited on top", () => {
  const state = openState();
  const offers = openOffers(state);
  agree(state, id, remoteFile(id, "a", "base"), "all");
  const commit = offers.add([
    { record: remoteFile(id, "b", "base"), aspect: "place" },
    { record: remoteFile(id, "b", "mine"), aspect: "content" },
  ]);
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, remoteFile(id, "b", "theirs", 4));
  assert.deepEqual([state.synced.find(id)?.name, state.synced.find(id)?.contentHash], ["b", "base"]);
  assert.equal(offers.isOpen(id, commit), true);
  assert.deepEqual([...offers.doubted], [id]);
  state.close();
});
