import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { VanishHold, vanishQuietMs } from "./vanish-hold.ts";

const [folder, file, other] = ["folder", "file", "other"] as unknown as [EntryId, EntryId, EntryId];

test("[EN61] a vanished entry counts as deleted when nothing else vanished for a moment", () => {
  const hold = new VanishHold();
  assert.equal(hold.hasWaited(file, "folder/file", 1000), false);
  assert.equal(hold.hasWaited(folder, "folder", 1020), false);
  assert.equal(hold.hasWaited(file, "folder/file", 1000 + vanishQuietMs), false);
  assert.equal(hold.hasWaited(file, "folder/file", 1020 + vanishQuietMs), true);
  assert.equal(hold.size, 1);
});

test("[EN61] while others go on vanishing it waits five seconds at most", () => {
  const hold = new VanishHold();
  hold.hasWaited(file, "file", 0);
  for (let at = 10; at < 5000; at += 10) {
    hold.hasWaited(`o${at}` as EntryId, `o${at}`, at);
    assert.equal(hold.hasWaited(file, "file", at), false);
  }
  assert.equal(hold.hasWaited(file, "file", 5000), true);
});

test("[EN61] what is below a missing folder is not looked for again", () => {
  const hold = new VanishHold();
  hold.hasWaited(file, "folder/file", 0);
  hold.hasWaited(folder, "folder", 0);
  hold.hasWaited(other, "other", 0);
  assert.deepEqual(hold.due(vanishQuietMs), { paths: ["folder", "other"], nextMs: 0 });
  assert.deepEqual(hold.due(10), { paths: [], nextMs: vanishQuietMs - 10 });
});

test("[EN61] whoever asks when to look hears `now` of what has become due since", () => {
  const hold = new VanishHold();
  hold.hasWaited(file, "file", 0);
  assert.equal(hold.due(vanishQuietMs - 1).nextMs, 1);
  assert.equal(hold.due(vanishQuietMs + 1).nextMs, 0);
});

test("[EN61] who is missed at another place than before is waited for anew", () => {
  const hold = new VanishHold();
  hold.hasWaited(file, "before", 0);
  assert.equal(hold.hasWaited(file, "after", vanishQuietMs), false);
  assert.equal(hold.hasWaited(file, "after", 2 * vanishQuietMs), true);
});

test("[EN61] a clock that jumps ends the wait", () => {
  const hold = new VanishHold();
  hold.hasWaited(file, "file", 1_000_000);
  assert.equal(hold.hasWaited(file, "file", 10), true);
});
