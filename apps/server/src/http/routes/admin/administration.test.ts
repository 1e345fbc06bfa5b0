import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { AccountInvitation, AdminAccount, AdminJobs, AdminLink, AuditRecord, Way } from "@satchel/protocol";
import { call, passwordOf, startTestServer } from "../../test-server.fixture.ts";

/** A server with an administrator, and somebody else. */
async function startWorld(t: TestContext) {
  const server = await startTestServer(t, { signUpPolicy: "invitation" });
  const password = passwordOf("root");
  await server.core.accounts.add({
    name: "root",
    email: "root@example.org",
    password,
    isAdmin: true,
    quotaBytes: null,
  });
  const admin = await server.signIn("root");
  const ann = await server.signUp("ann");
  const change = (id: string, json: object) => admin.post<AdminAccount>(`/v1/admin/accounts/${id}`, json);
  const recorded = async (action: string) =>
    (await admin.get<{ records: AuditRecord[] }>(`/v1/admin/audit?action=${action}`)).body.records;
  return { server, admin, ann, change, recorded };
}

test("[SE90] accounts are listed by name, page by page", async (t) => {
  const { admin } = await startWorld(t);
  const page = await admin.get<{ accounts: AdminAccount[]; cursor: string }>("/v1/admin/accounts?limit=1");
  assert.deepEqual(
    page.body.accounts.map(({ user, is_admin: isAdmin, disabled }) => ({ user, isAdmin, disabled })),
    [{ user: "ann", isAdmin: false, disabled: false }],
  );
  const next = await admin.get<{ accounts: AdminAccount[] }>(`/v1/admin/accounts?limit=1&cursor=${page.body.cursor}`);
  assert.equal(next.body.accounts[0]?.user, "root");
});

test("[SE90] who is disabled is out at the next request, and in again when enabled; nobody disables themselves", async (t) => {
  const { server, admin, ann, change, recorded } = await startWorld(t);
  assert.equal((await change(ann.login.account_id, { disabled: true })).body.disabled, true);
  assert.equal((await ann.get("/v1/account")).status, 401);
  await change(ann.login.account_id, { disabled: false });
  assert.equal((await (await server.signIn("ann")).get("/v1/account")).status, 200);
  assert.equal((await change(admin.login.account_id, { disabled: true })).status, 403);
  assert.equal((await change("a".repeat(16), { disabled: true })).status, 404);
  const [record] = await recorded("account_disabled");
  assert.deepEqual([record?.account_id, record?.actor], [ann.login.account_id, admin.login.account_id]);
});

test("[SE90] a limit is set and taken away, and holds", async (t) => {
  const { ann, change, recorded } = await startWorld(t);
  assert.equal((await change(ann.login.account_id, { quota_bytes: 10 })).body.quota_bytes, 10);
  await assert.rejects(ann.putFile("a.txt", "more than ten bytes"), /quota_exceeded/);
  assert.equal((await change(ann.login.account_id, { quota_bytes: null })).body.quota_bytes, null);
  await ann.putFile("a.txt", "more than ten bytes");
  assert.equal((await recorded("quota_changed")).length, 2);
});

test("[SE90] an invitation makes one account, is listed until then, and can be taken back", async (t) => {
  const { server, admin, recorded } = await startWorld(t);
  const invite = () => admin.post<AdminLink>("/v1/admin/invitations", { email: "bob@example.org" });
  const list = async () =>
    (await admin.get<{ invitations: AccountInvitation[] }>("/v1/admin/invitations")).body.invitations;
  const { link, mailed } = (await invite()).body;
  assert.equal(mailed, false);
  assert.match(await (await fetch(link)).text(), /Create account/);
  const [invitation] = await list();
  assert.equal(invitation?.email, "bob@example.org");
  const path = `${server.url}/v1/admin/invitations/${invitation?.invitation_id ?? ""}`;
  assert.equal((await call(path, "DELETE", { headers: admin.authorization })).status, 200);
  assert.equal((await call(path, "DELETE", { headers: admin.authorization })).status, 404);
  assert.equal((await fetch(link)).status, 403);
  assert.deepEqual(await list(), []);
  assert.equal((await recorded("invitation_made")).length, 1);
  assert.equal((await admin.post("/v1/admin/invitations", { email: "nobody" })).status, 400);
});

test("[SE90] a link for a new password is given out, and second factors go where that is asked for", async (t) => {
  const { server, admin, ann } = await startWorld(t);
  const { account_id: id } = ann.login;
  await server.metadata.factors.setRecoveryCodes(id, ["hash"]);
  const reset = (removeFactors: boolean) =>
    admin.post<AdminLink>(`/v1/admin/accounts/${id}/reset_sign_in`, { remove_factors: removeFactors });
  assert.match(await (await fetch((await reset(false)).body.link)).text(), /Choose a new password/);
  assert.equal(await server.metadata.factors.countRecoveryCodes(id), 1);
  await reset(true);
  assert.equal(await server.metadata.factors.countRecoveryCodes(id), 0);
});

test("[SE92] the audit log is filtered by action and account, and exported a record to a line", async (t) => {
  const { admin, ann } = await startWorld(t);
  const export_ = await admin.get(`/v1/admin/audit/export?action=sign_in&account_id=${ann.login.account_id}`);
  assert.match(export_.headers.get("content-disposition") ?? "", /satchel-audit\.jsonl/);
  const lines = Buffer.from(export_.bytes).toString().trim().split("\n");
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  assert.deepEqual(
    records.map(({ action, account_id: id }) => [action, id]),
    [["sign_in", ann.login.account_id]],
  );
  assert.equal((await admin.get("/v1/admin/audit?action=nothing")).status, 400);
});

test("[SE93] the way tells what arrived here, and how much of a body", async (t) => {
  const { server, admin } = await startWorld(t);
  const { body } = await admin.get<Way>("/v1/admin/way", { "x-forwarded-for": "203.0.113.9" });
  assert.deepEqual(body, {
    public_url: null,
    reached_as: server.url,
    caller_address: "127.0.0.1",
    untrusted_proxy: true,
  });
  const send = (sizeBytes: number) =>
    call<{ received_bytes: number }>(`${server.url}/v1/admin/way`, "POST", {
      raw: new Uint8Array(sizeBytes),
      headers: { ...admin.authorization, "content-type": "application/octet-stream" },
    });
  assert.equal((await send(16 * 1024 * 1024)).body.received_bytes, 16 * 1024 * 1024);
  assert.equal((await send(16 * 1024 * 1024 + 1)).status, 413);
});

test("[SE91] the server tells what it holds", async (t) => {
  const { admin } = await startWorld(t);
  const { body } = await admin.get<{ accounts: number; connections: number }>("/v1/admin/server");
  assert.deepEqual([body.accounts, body.connections], [2, 0]);
});

test("[OP29] administrators see what the server does by itself, and have what was given up tried again", async (t) => {
  const { server, admin, ann, recorded } = await startWorld(t);
  const { tasks } = server.core.stores.metadata;
  const workspaceId = ann.login.workspace_id;
  await tasks.add([{ workspaceId, kind: "look", key: "x", priority: 0 }], { nowMs: 0, maxWaiting: 1 });
  const task = (await tasks.take({ kind: "look", run: "r", nowMs: 0, leaseMs: 1 })) ?? assert.fail();
  await tasks.putOff(task, { dueAtMs: null, error: "it was too large", nowMs: 0 });
  const { body } = await admin.get<AdminJobs>("/v1/admin/jobs");
  assert.deepEqual(body.tasks, [{ kind: "look", waiting: 0, running: 0, given_up: 1 }]);
  assert.deepEqual(
    body.given_up.map(({ kind, error, attempts }) => [kind, error, attempts]),
    [["look", "it was too large", 1]],
  );
  assert.deepEqual(
    body.jobs.map(({ name, began }) => [name, began]),
    [["retention", null]],
  );
  assert.deepEqual(body.mail, { waiting: 0, given_up: 0 });
  assert.deepEqual((await admin.post<{ count: number }>("/v1/admin/jobs/retry", { kind: "other" })).body, { count: 0 });
  assert.deepEqual((await admin.post<{ count: number }>("/v1/admin/jobs/retry", {})).body, { count: 1 });
  assert.equal((await admin.get<AdminJobs>("/v1/admin/jobs")).body.tasks[0]?.waiting, 1);
  assert.deepEqual(
    (await recorded("tasks_retried")).map(({ detail }) => detail),
    [{ count: 1, kind: null }],
  );
});
