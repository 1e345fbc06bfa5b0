import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiClient, PresenceCalls } from "@satchel/api-client";
import type { EntryId, PresenceReport } from "@satchel/protocol";
import { tellOpen } from "./tell-open.ts";

test("[PR4] what a window has open is said in one request at a time, and of what changed meanwhile only the end", async () => {
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const calls: Pick<PresenceCalls, "reportPresence"> = {
    reportPresence({ open }: PresenceReport) {
      sent.push(open.map(({ file_id: id }) => id).join());
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  const api = { extend: () => calls } as unknown as Pick<ApiClient, "extend">;
  const show = (name: string) => tellOpen(api, { client: "w", fileId: name as EntryId, doing: "viewing" });
  const answer = async () => {
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const ends = [show("a"), show("b")];
  for (const end of ends) end();
  assert.deepEqual(sent, ["a"]);
  await answer();
  assert.deepEqual(sent, ["a", ""]);
  const end = show("c");
  await answer();
  assert.deepEqual(sent, ["a", "", "c"]);
  await answer();
  end();
  await answer();
  assert.deepEqual(sent, ["a", "", "c", ""]);
});
