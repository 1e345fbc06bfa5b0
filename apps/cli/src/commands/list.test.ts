import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId, EntryId, Present, PresenceDoing } from "@satchel/protocol";
import { usersOf } from "./list.ts";

const plan = "w.plan" as EntryId;

function present(user: string, doing: PresenceDoing): Present {
  return { device_id: "d" as DeviceId, client: user, user, device: "laptop", open: [{ file_id: plan, doing }] };
}

test("[PR4] a list names whoever else has a file open once, as editing where they do so anywhere, and nothing in it steers the terminal", () => {
  const others = [present("eve", "editing"), present("eve", "viewing"), present("s\u001bam", "viewing")];
  const users = usersOf([present("ann", "editing"), ...others], "ann");
  assert.deepEqual([...users], [[plan, "eve (editing), s\\u001bam"]]);
  assert.deepEqual([...usersOf([], "ann")], []);
});
