import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeMessage } from "../encode-message.ts";
import { OutgoingMessages } from "./outgoing-messages.ts";

test("[BU4] what waits is bounded: beyond, all of it makes room for one word that something was lost", async () => {
  const outgoing = new OutgoingMessages();
  for (let number = 0; number <= 10_000; number += 1) outgoing.add(`${number}`);
  outgoing.add("after");
  assert.deepEqual(await outgoing.next(10), [encodeMessage({ kind: "gap" }), "after"]);
  outgoing.remove(2);
  await outgoing.sent();
  const next = outgoing.next(10);
  outgoing.add("later");
  assert.deepEqual(await next, ["later"]);
});
