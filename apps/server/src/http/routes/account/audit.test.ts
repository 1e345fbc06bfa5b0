import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { AuditRecord } from "@satchel/protocol";
import type { AuditStore } from "../../../storage/metadata/audit-store.ts";
import { openInThreadMetadataStore } from "../../../storage/metadata/sqlite/open-in-thread.ts";
import { parseTrustedProxies } from "../../requests/client-address.ts";
import { call, passwordOf, startTestServer, type TestDevice } from "../../test-server.fixture.ts";

interface Page {
  readonly records: readonly AuditRecord[];
  readonly cursor: string | null;
}

const actionsOf = ({ records }: Page): string[] => records.map(({ action }) => action);

async function read(device: TestDevice, path = "/v1/audit"): Promise<Page> {
  const { status, body } = await device.get<Page>(path);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

test("[SE12] a person sees who signed in and who tried, on which device, from where and when", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bob = await server.signUp("bob");
  const login = (user: string, password: string) =>
    call(`${server.url}/v1/auth/login`, "POST", { json: { user, password, device_name: "d" } });
  assert.equal((await login("ann", "a wrong password")).status, 401);
  assert.equal((await login("my secret password", "ann")).status, 401);
  const second = await server.signIn("ann");
  await ann.post("/v1/auth/join_codes", {});
  const path = `${server.url}/v1/devices/${second.login.device_id}`;
  await call(path, "DELETE", { headers: ann.authorization });
  const page = await read(ann);
  assert.deepEqual(actionsOf(page), ["device_revoked", "join_code_created", "sign_in", "sign_in_failed", "sign_in"]);
  for (const record of page.records) {
    assert.deepEqual([record.account_id, record.address], [ann.login.account_id, "127.0.0.1"]);
    assert.ok(Math.abs(Date.parse(record.at) - Date.now()) < 60_000);
  }
  const [revoked, , signedIn, failed] = page.records;
  assert.deepEqual([revoked?.device_id, revoked?.detail], [ann.login.device_id, { device: second.login.device_id }]);
  assert.deepEqual([signedIn?.device_id, signedIn?.detail["device"]], [second.login.device_id, "test"]);
  assert.deepEqual([failed?.actor, failed?.device_id], [null, null]);
  assert.deepEqual(actionsOf(await read(bob)), ["sign_in"]);
  const { rows } = (await server.metadata.audit.readChain({ after: undefined, limit: 100 })) ?? { rows: [] };
  assert.doesNotMatch(JSON.stringify(rows), /secret password|a wrong password|password of ann/);
});

test("[SE10] deletions are recorded with their number, and refused ones are not", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const files = [await ann.putFile("a", "1"), await ann.putFile("b", "2")];
  await ann.commit(files.map(({ id }) => ({ op: "delete" as const, id })));
  await ann.commit([{ op: "delete", id: ann.newId() }]);
  const { records } = await read(ann);
  assert.equal(records[0]?.action, "files_deleted");
  assert.deepEqual(records[0]?.detail, { count: 2, workspace: ann.login.workspace_id, first: files[0]?.id });
  assert.equal(records.length, 2);
});

test("[SE10] the login that ends since its refresh token was used twice is recorded", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const refresh = (token: string) =>
    call<{ refresh_token: string }>(`${server.url}/v1/auth/refresh`, "POST", { json: { refresh_token: token } });
  const { body } = await refresh(ann.login.refresh_token);
  assert.equal((await refresh(body.refresh_token)).status, 200);
  assert.equal((await refresh(ann.login.refresh_token)).status, 401);
  const actions = actionsOf(await read(await server.signIn("ann")));
  assert.deepEqual(actions, ["sign_in", "token_reused", "sign_in"]);
});

test("[SE12] administrators see everybody's records, others find nothing there, and pages go on where the last one ended", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await server.core.accounts.add({
    name: "root",
    email: "root@example.org",
    password: passwordOf("root"),
    isAdmin: true,
    quotaBytes: null,
  });
  const root = await server.signIn("root");
  assert.equal((await ann.get("/v1/admin/audit")).status, 404);
  const first = await read(root, "/v1/admin/audit?limit=1");
  assert.deepEqual([first.records[0]?.account_id, first.records.length], [root.login.account_id, 1]);
  const second = await read(root, `/v1/admin/audit?limit=5&cursor=${first.cursor ?? ""}`);
  assert.deepEqual([second.records[0]?.account_id, second.cursor], [ann.login.account_id, null]);
  const own = await read(root, `/v1/admin/audit?account_id=${ann.login.account_id}`);
  assert.deepEqual(actionsOf(own), ["sign_in"]);
});

test("[SE15] behind trusted proxies, the address is the one that they name, and nobody else is believed", async (t) => {
  const ask = async (proxies: readonly string[], forwarded: string) => {
    const server = await startTestServer(t, { trustedProxies: parseTrustedProxies(proxies) });
    await server.signUp("ann");
    const headers = { "x-forwarded-for": forwarded };
    await call(`${server.url}/v1/auth/login`, "POST", {
      json: { user: "ann", password: "wrong", device_name: "d" },
      headers,
    });
    return (await read(await server.signIn("ann"))).records[1]?.address;
  };
  assert.equal(await ask([], "203.0.113.9"), "127.0.0.1");
  assert.equal(await ask(["127.0.0.1"], "203.0.113.9"), "203.0.113.9");
  assert.equal(await ask(["127.0.0.0/8"], "198.51.100.1, 203.0.113.9"), "203.0.113.9");
  assert.equal(await ask(["127.0.0.1", "203.0.113.0/24"], "198.51.100.1, 203.0.113.9"), "198.51.100.1");
  assert.equal(await ask(["127.0.0.1"], "not an address"), "127.0.0.1");
  for (const wrong of ["example.org", "10.0.0.0/33", ""])
    assert.throws(() => parseTrustedProxies([wrong]), RangeError, wrong);
});

test("[SE10] what changes who gets in is answered only once its record is durable", async (t) => {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  let hold: Promise<void> | undefined;
  let told = (): void => {};
  const audit: AuditStore = {
    ...metadata.audit,
    append: async (...records) => {
      told();
      await hold;
      return await metadata.audit.append(...records);
    },
  };
  const server = await startTestServer(t, { metadata: { ...metadata, audit } });
  const ann = await server.signUp("ann");
  const { people } = server.core;
  const account = (await people.findAccount(ann.login.account_id)) ?? assert.fail();
  const changes: readonly (() => Promise<unknown>)[] = [
    () => people.factors.renewRecoveryCodes(account.id),
    () => people.appPasswords.create(account.id, { name: "reader", scopes: ["files.read"] }),
    () => people.passwords.changePassword({ account, language: "en" }, "another good password"),
  ];
  for (const change of changes) {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    hold = gate.promise;
    told = reached.resolve;
    let isAnswered = false;
    const answered = change().then(() => (isAnswered = true));
    await reached.promise;
    await setImmediate();
    assert.equal(isAnswered, false);
    gate.resolve();
    await answered;
  }
});
