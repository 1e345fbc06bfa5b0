import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError, type VersionHash, type VersionId } from "@satchel/protocol";
import { agree } from "../books/agree.ts";
import { Offers, recognise } from "../books/offers.ts";
import { entryId, openState, remoteFile } from "../books/record.fixture.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { askWhatWasTaken } from "./ask-what-was-taken.ts";

const id = entryId(1);

/** A file of version 1 is the base, `mine` was offered, and version 3 is told, which has the content given. */
function told(content: string) {
  const state = openState();
  const offers = new Offers(state.database);
  agree(state, id, remoteFile(id, "a", "base", 1), "all");
  const commit = offers.add([{ record: remoteFile(id, "a", "mine", 1), aspect: "content" }]);
  const remote = remoteFile(id, "a", content, 3);
  state.transaction(() => state.remote.put(remote));
  recognise({ state, offers, manifests: new ManifestStore(state.database) }, remote);
  return { state, offers, commit };
}

/** A server with these versions, the newest first. */
function serverWith(...versions: [version: string, content: string][]) {
  const asked: string[] = [];
  const list = versions.map(([version, content]) => ({
    versionId: version as VersionId,
    contentHash: content as VersionHash,
  }));
  const server = {
    versions: (of: string) => {
      asked.push(of);
      return Promise.resolve(list);
    },
  };
  return { server, asked };
}

for (const content of ["base", "theirs"]) {
  test(`[EN134] what was offered and not answered is the base when somebody decided on it since (${content})`, async () => {
    const { state, offers } = told(content);
    const { server } = serverWith(["v3", content], ["v2", "mine"], ["v1", "base"], ["v0", "mine"]);
    await askWhatWasTaken({ state, offers, server });
    assert.deepEqual(
      [state.synced.find(id)?.contentHash, state.synced.find(id)?.versionId, offers.of(id).length, state.isChanged(id)],
      ["mine", "v2", 0, true],
    );
    state.close();
  });
}

test("[EN134] what the server never took stays this device's edit, and is not asked about again", async () => {
  const { state, offers } = told("base");
  const { server, asked } = serverWith(["v3", "base"], ["v2", "theirs"], ["v1", "base"], ["v0", "mine"]);
  await askWhatWasTaken({ state, offers, server });
  await askWhatWasTaken({ state, offers, server });
  assert.deepEqual([state.synced.find(id)?.contentHash, offers.of(id).length, asked.length], ["base", 1, 1]);
  state.close();
});

test("[EN134] a version that the feed has not told of yet is left to the feed", async () => {
  const { state, offers } = told("base");
  const { server } = serverWith(["v4", "mine"], ["v3", "base"], ["v1", "base"]);
  await askWhatWasTaken({ state, offers, server });
  assert.equal(state.synced.find(id)?.contentHash, "base");
  state.close();
});

test("[EN134] nothing is asked about what was answered, or told as it was offered; an entry that is gone is left to the feed", async () => {
  const answered = told("base");
  answered.offers.remove(answered.commit);
  const recognised = told("mine");
  const { server, asked } = serverWith();
  for (const { state, offers } of [answered, recognised]) await askWhatWasTaken({ state, offers, server });
  assert.deepEqual(asked, []);
  const gone = told("base");
  const without = { versions: () => Promise.reject(new ProblemError("not_found")) };
  await askWhatWasTaken({ state: gone.state, offers: gone.offers, server: without });
  assert.equal(gone.offers.doubted.size, 0);
});

test("[EN134] what could not be asked is asked the next time", async () => {
  const { state, offers } = told("base");
  await assert.rejects(
    askWhatWasTaken({ state, offers, server: { versions: () => Promise.reject(new Error("no connection")) } }),
  );
  const { server } = serverWith(["v3", "base"], ["v2", "mine"], ["v1", "base"]);
  await askWhatWasTaken({ state, offers, server });
  assert.equal(state.synced.find(id)?.contentHash, "mine");
  state.close();
});
