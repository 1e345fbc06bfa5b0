import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "../../test-server.fixture.ts";

test("[SH13] whom sharing concerns is told at once that there is something to ask for, and nobody else", async (t) => {
  const server = await startTestServer(t);
  const owner = await server.signUp("ann");
  const plans = owner.newId();
  await owner.commit([{ op: "create_folder", id: plans, parent_id: owner.root, name: "plans" }]);
  const { body: share } = await owner.post<{ workspace_id: string }>("/v1/shares", { folder_id: plans });
  const members = `/v1/shares/${share.workspace_id}`;
  const [eve, sam] = [await server.signUp("eve"), await server.signUp("sam")];
  const [atAnn, atEve, atSam] = [
    await owner.listen(t, "?mode=changes"),
    await eve.listen(t, "?mode=changes"),
    await sam.listen(t, "?mode=changes"),
  ];
  // Where the feed is.
  for (const listening of [atAnn, atEve, atSam]) await listening.next();
  await owner.post(`${members}/invitations`, { who: "nobody@example.org", role: "viewer" });
  await owner.post(`${members}/invitations`, { who: "eve", role: "viewer" });
  assert.deepEqual(await atEve.next(), { event: "account_news" });
  await eve.post(`${members}/accept`, {});
  assert.deepEqual(await atAnn.next(), { event: "account_news" });
  assert.deepEqual(await atEve.next(), { event: "account_news" });
  assert.equal((await atEve.next<{ event: string }>()).event, "changes");
  await owner.post(`${members}/members/${eve.login.account_id}`, { role: "editor" });
  assert.deepEqual(await atEve.next(), { event: "account_news" });
  await eve.post(`${members}/leave`, undefined);
  assert.deepEqual(await atAnn.next(), { event: "account_news" });
  // The first that a stranger hears is a change of their own.
  await sam.commit([{ op: "create_folder", id: sam.newId(), parent_id: sam.root, name: "mine" }]);
  assert.equal((await atSam.next<{ event: string }>()).event, "changes");
});
