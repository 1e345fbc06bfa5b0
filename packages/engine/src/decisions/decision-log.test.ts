import assert from "node:assert/strict";
import { test } from "node:test";
import { agree } from "../books/agree.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "../books/record.fixture.ts";
import { DecisionLog, maxDecisions, maxToldDecisions } from "./decision-log.ts";

const id = entryId(1);

function openLog() {
  const state = openState();
  let nowMs = 0;
  const clock = { nowMs: () => (nowMs += 1), sleep: () => Promise.resolve() };
  return { state, clock, log: new DecisionLog(state, clock) };
}

test("[EN74] what was done is told with what led to it, newest first, also after the entry is gone", () => {
  const { state, clock, log } = openLog();
  const base = remoteFile(id, "a", "old");
  state.local.put(localLike(base));
  agree(state, id, base, "all");
  state.remote.put({ ...base, contentHash: remoteFile(id, "a", "new").contentHash, sequence: 2 });
  log.note({ do: "fetch", id, place: { parentId: state.rootId, name: "a" } });
  log.write();
  state.remote.remove(id);
  log.note({ do: "delete_local", id });
  state.local.remove(id);
  const told = [
    ["delete_local", "unchanged", "deleted", "RC20"],
    ["fetch", "unchanged", "edited", "RC1"],
  ];
  assert.deepEqual(
    log.find("a", undefined).map(({ did, here, there, rule }) => [did, here, there, rule]),
    told,
  );
  log.write();
  const again = new DecisionLog(state, clock);
  assert.deepEqual(
    again.find("elsewhere", id).map(({ did, here, there, rule }) => [did, here, there, rule]),
    told,
  );
  assert.deepEqual(again.find("b", undefined), []);
});

test("[EN74] what happened to a folder happened to all that is in it", () => {
  const { state, log } = openLog();
  state.local.put(localLike(remoteFolder(id, "folder")));
  log.note({ do: "make_folder", id, place: { parentId: state.rootId, name: "folder" } });
  log.note({ do: "withdraw", id });
  assert.deepEqual(
    log.find("folder/inner/file", undefined).map(({ did, path }) => [did, path]),
    [["withdraw", "folder"]],
  );
  assert.deepEqual(log.find("folders", undefined), []);
});

test("[EN74] what is kept and what is told are bounded", () => {
  const { state, log } = openLog();
  state.local.put(localLike(remoteFile(id, "a", "a")));
  for (let batch = 0; batch < 5; batch += 1) {
    for (let i = 0; i < maxDecisions / 4; i += 1) log.note({ do: "edit_remote", id });
    log.write();
  }
  assert.equal(log.find("a", undefined).length, maxToldDecisions);
  const row = state.database.prepare("SELECT sum(count) AS count FROM decision").get();
  assert.equal(row?.count, maxDecisions);
});
