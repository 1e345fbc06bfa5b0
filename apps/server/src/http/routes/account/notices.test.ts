import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notice, NoticesPage, NoticeSetting, Share } from "@satchel/protocol";
import { call, contentOf, startTestServer, type TestDevice } from "../../test-server.fixture.ts";

const text = (content: string): Buffer => Buffer.from(content);

/** What is told is found out behind the request: it is looked for until it is there. */
async function waitForNotice(device: TestDevice, kind: Notice["kind"]): Promise<Notice> {
  const deadlineMs = performance.now() + 60_000;
  for (;;) {
    const { notices } = (await device.get<NoticesPage>("/v1/notices")).body;
    const found = notices.find((notice) => notice.kind === kind);
    if (found) return found;
    assert.ok(performance.now() < deadlineMs, `no ${kind} within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("[NO4] whoever is invited by name, gets another role or is removed is told, with the folder's name and who did it", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const [ann, eve] = [await server.signUp("ann"), await server.signUp("eve")];
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "plans" }]);
  const { workspace_id: workspaceId } = (await ann.post<Share>("/v1/shares", { folder_id: folderId })).body;
  const path = `/v1/shares/${workspaceId}`;
  await ann.post(`${path}/invitations`, { who: "eve", role: "viewer" });
  const invited = await waitForNotice(eve, "share_invitation");
  assert.deepEqual([invited.detail["folder"], invited.detail["by"], invited.read], ["plans", "ann", false]);
  await eve.post(`${path}/accept`, {});
  const member = `${path}/members/${eve.login.account_id}`;
  await ann.post(member, { role: "editor" });
  assert.equal((await waitForNotice(eve, "access_changed")).detail["role"], "editor");
  assert.equal((await call(server.url + member, "DELETE", { headers: ann.authorization })).status, 200);
  assert.equal((await waitForNotice(eve, "access_removed")).detail["folder"], "plans");
  await server.core.notices.settled();
  assert.equal((await ann.get<NoticesPage>("/v1/notices")).body.notices.length, 0);
  await eve.post("/v1/notices/read", {});
  assert.equal((await eve.get<NoticesPage>("/v1/notices")).body.unread, 0);
});

test("[NO4] whoever is no member is told nothing when somebody removes them, and neither is their audit log", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const [ann, eve] = [await server.signUp("ann"), await server.signUp("eve")];
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "call this number" }]);
  const { workspace_id: workspaceId } = (await ann.post<Share>("/v1/shares", { folder_id: folderId })).body;
  const member = `/v1/shares/${workspaceId}/members/${eve.login.account_id}`;
  assert.equal((await call(server.url + member, "DELETE", { headers: ann.authorization })).status, 200);
  await server.core.notices.settled();
  assert.deepEqual((await eve.get<NoticesPage>("/v1/notices")).body.notices, []);
  const { records } = (await eve.get<{ records: { action: string }[] }>("/v1/audit")).body;
  assert.deepEqual(
    records.filter(({ action }) => action === "role_changed"),
    [],
  );
});

test("[NO7] what is being told when the server stops is written before its stores are closed", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const ann = await server.signUp("ann");
  const { promise: known, resolve: know } = Promise.withResolvers<void>();
  const { account_id: accountId } = ann.login;
  server.core.notices.find(async () => {
    await known;
    return [{ accountId, kind: "quota_nearly_full", subject: "storage", detail: {} }];
  });
  const settled = server.core.notices.settled();
  assert.equal((await ann.get<NoticesPage>("/v1/notices")).body.unread, 0);
  know();
  await settled;
  assert.equal((await ann.get<NoticesPage>("/v1/notices")).body.unread, 1);
});

test("[NO5] a conflict that waits is told whoever has a part in it, live, unless they turned that off", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const ann = await server.signUp("ann");
  const { id: original, versionId } = await ann.putFile("a.txt", "base");
  const makeCopy = async (name: string): Promise<void> => {
    const bytes = text(name);
    const mark = { conflict_of: original, conflict_base: versionId };
    const place = { id: ann.newId(), parent_id: ann.root, name };
    await ann.commit([{ op: "create_file", ...place, content: contentOf([bytes]), ...mark }], [bytes]);
  };
  await makeCopy("a (Conflicted copy).txt");
  const { detail, times } = await waitForNotice(ann, "conflict_waiting");
  assert.deepEqual([detail["name"], times], ["a (Conflicted copy).txt", 1]);
  const off = { settings: [{ kind: "conflict_waiting", in_app: false }] };
  const { settings } = (await ann.post<{ settings: NoticeSetting[] }>("/v1/notices/settings", off)).body;
  assert.equal(settings.find(({ kind }) => kind === "conflict_waiting")?.in_app, false);
  assert.equal(settings.find(({ kind }) => kind === "new_sign_in")?.in_app, true);
  await makeCopy("a (Conflicted copy 2).txt");
  await server.core.notices.settled();
  await server.signIn("ann");
  await waitForNotice(ann, "new_sign_in");
  assert.equal((await waitForNotice(ann, "conflict_waiting")).times, 1);
});

test("[NO5] the owner of a folder whose limit is near is told once", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const ann = await server.signUp("ann");
  const { account_id: accountId } = ann.login;
  await server.metadata.ledger.setQuota({ accountId, quotaBytes: 10 });
  await ann.putFile("a.txt", "123456789");
  assert.equal((await waitForNotice(ann, "quota_nearly_full")).times, 1);
});

test("[NO6] a new login is told the account's other ones, and the first is not", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const ann = await server.signUp("ann");
  const second = await server.signIn("ann");
  assert.equal((await waitForNotice(ann, "new_sign_in")).times, 1);
  const all = (await second.get<NoticesPage>("/v1/notices")).body;
  assert.deepEqual([all.notices.length, all.unread], [1, 1]);
});
