import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId, EntryId, PresenceChanged, PresenceDoing, WorkspaceId } from "@satchel/protocol";
import { PresentPeople } from "./present-people.ts";

const plan = "w.plan" as EntryId;
const workspace = "w" as WorkspaceId;

function told(user: string, client: string, doing?: PresenceDoing): PresenceChanged {
  return {
    event: "presence_changed",
    workspace_id: workspace,
    device_id: `of ${user}` as DeviceId,
    client,
    user,
    device: "laptop",
    open: doing ? [{ file_id: plan, doing }] : [],
  };
}

test("[PR4] who has a file open is known once for each account, as editing if any of their windows edits, until they say that they haven't", () => {
  const people = new PresentPeople("ann");
  let changes = 0;
  const end = people.watch(() => (changes += 1));
  const names = () => people.at(plan).map(({ user, doing }) => `${user} ${doing}`);
  people.hear(told("eve", "a", "editing"));
  people.hear(told("eve", "b", "viewing"));
  people.hear(told("sam", "c", "viewing"));
  people.hear(told("ann", "d", "viewing"));
  assert.deepEqual(names(), ["eve editing", "sam viewing"]);
  assert.equal(people.at(plan), people.at(plan));
  people.hear(told("eve", "a"));
  assert.deepEqual(names().toSorted(), ["eve viewing", "sam viewing"]);
  people.forget("another" as WorkspaceId);
  assert.equal(changes, 4);
  people.forget(workspace);
  assert.deepEqual(names(), []);
  end();
  people.hear(told("eve", "a", "editing"));
  assert.equal(changes, 5);
});
