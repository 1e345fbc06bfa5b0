import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bearerProtocol,
  notificationsProtocol,
  type ChangeEvent,
  type ChangesPush,
  type Problem,
} from "@satchel/protocol";
import { contentOf, startTestServer, type TestDevice } from "../../test-server.fixture.ts";

const manyFolders = (device: TestDevice, count: number, prefix: string) =>
  device.commit(
    Array.from({ length: count }, (_, index) => ({
      op: "create_folder",
      id: device.newId(),
      parent_id: device.root,
      name: `${prefix}${index}`,
    })),
  );

test("[AP50] each change is one event, with its path and a cursor", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const listening = await ann.listen(t);
  const folder = ann.newId();
  await ann.commit([{ op: "create_folder", id: folder, parent_id: ann.root, name: "docs" }]);
  const { id, versionId } = await ann.putFile("a.txt", "one");
  await ann.commit(
    [{ op: "edit_file", id, base_version_id: versionId, content: contentOf([Buffer.from("two")]) }],
    [Buffer.from("two")],
  );
  await ann.commit([
    { op: "move", id, parent_id: folder, name: "b.txt", base_parent_id: ann.root, base_name: "a.txt" },
  ]);
  await ann.commit([{ op: "delete", id: folder }]);
  const heard: ChangeEvent[] = [];
  for (let count = 0; count < 5; count += 1) heard.push(await listening.next<ChangeEvent>());
  assert.deepEqual(
    heard.map(({ event, file_path }) => [event, file_path]),
    [
      ["folder_created", "/docs"],
      ["file_created", "/a.txt"],
      ["file_updated", "/a.txt"],
      ["file_moved", "/docs/b.txt"],
      ["folder_deleted", "/docs"],
    ],
  );
  assert.equal(heard[1]?.workspace_id, ann.login.workspace_id);
  assert.equal(heard[4]?.cursor, await ann.cursor());
});

test("[AP50] a commit of very many changes is one event", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const listening = await ann.listen(t);
  await manyFolders(ann, 101, "f");
  assert.deepEqual(await listening.next<ChangeEvent>(), {
    event: "changed",
    workspace_id: ann.login.workspace_id,
    cursor: await ann.cursor(),
  });
});

test("[AP51] another device is pushed the state and the bytes, before the commit is answered", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const listening = await (await server.signIn("ann")).listen(t, "?mode=changes");
  const first = await listening.next<ChangesPush>();
  assert.deepEqual([first.event, first.changes, first.cursor], ["changes", undefined, await ann.cursor()]);
  const { id, response } = await ann.putFile("a.txt", "small");
  const push = await listening.next<ChangesPush>();
  assert.deepEqual([push.before, push.cursor], [response.before, response.cursor]);
  assert.deepEqual(
    push.changes?.map((state) => [state.id, state.name, state.chunks !== undefined]),
    [[id, "a.txt", true]],
  );
  assert.deepEqual(
    push.carried?.map(({ bytes }) => Buffer.from(bytes, "base64").toString()),
    ["small"],
  );
});

test("[AP51] many changes are only announced, and large contents are left out", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const listening = await (await server.signIn("ann")).listen(t, "?mode=changes");
  await listening.next();
  const bytes = Buffer.alloc(128 * 1024 + 1, 7);
  await ann.commit(
    [{ op: "create_file", id: ann.newId(), parent_id: ann.root, name: "large", content: contentOf([bytes]) }],
    [bytes],
  );
  const large = await listening.next<ChangesPush>();
  assert.deepEqual([large.changes?.length, large.carried], [1, undefined]);
  await manyFolders(ann, 501, "f");
  const many = await listening.next<ChangesPush>();
  assert.deepEqual([many.before, many.changes], [large.cursor, undefined]);
});

test("[AP52] the device whose commit it was is only told how far the feed has come", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const own = await ann.listen(t, "?mode=changes");
  await own.next();
  const { response } = await ann.putFile("a.txt", "x");
  assert.deepEqual(await own.next<ChangesPush>(), {
    event: "changes",
    workspace_id: ann.login.workspace_id,
    before: response.before,
    cursor: response.cursor,
  });
});

test("[AP54] a connection with a cursor is told what it missed", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await ann.putFile("early.txt", "x");
  const cursor = await ann.cursor();
  await ann.putFile("missed.txt", "y");
  const head = await ann.cursor();
  const events = await ann.listen(t, `?cursor=${cursor}`);
  assert.equal((await events.next<ChangeEvent>()).file_path, "/missed.txt");
  const changes = await ann.listen(t, `?mode=changes&cursor=${cursor}`);
  assert.partialDeepStrictEqual(await changes.next<ChangesPush>(), { before: cursor, cursor: head });
  const restored = await ann.listen(t, "?mode=changes&cursor=5.another-epoch");
  assert.partialDeepStrictEqual(await restored.next<ChangesPush>(), { before: "5.another-epoch", cursor: head });
});

test("[AP55] a poll answers at once when it is late, and otherwise when something happens", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const cursor = await ann.cursor();
  await ann.putFile("a.txt", "x");
  await ann.putFile("b.txt", "x");
  const late = (await ann.get<{ events: ChangeEvent[]; cursor: string }>(`/v1/sync/poll?cursor=${cursor}&timeout=30`))
    .body;
  assert.deepEqual(
    late.events.map(({ event, file_path }) => [event, file_path]),
    [
      ["file_created", "/a.txt"],
      ["file_created", "/b.txt"],
    ],
  );
  const waiting = ann.get<{ events: ChangeEvent[]; cursor: string }>(`/v1/sync/poll?cursor=${late.cursor}&timeout=30`);
  await ann.putFile("c.txt", "x");
  assert.deepEqual(
    (await waiting).body.events.map(({ file_path }) => file_path),
    ["/c.txt"],
  );
});

test("[AP55] a poll ends after its time, and one whose memory is gone says that something changed", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const cursor = await ann.cursor();
  const empty = (
    await ann.get<{ events: ChangeEvent[]; cursor: string }>(`/v1/sync/poll?cursor=${cursor}&timeout=0.05`)
  ).body;
  assert.deepEqual(empty, { events: [], cursor });
  for (let count = 0; count < 65; count += 1) await manyFolders(ann, 1, `f${count}-`);
  const { events } = (await ann.get<{ events: ChangeEvent[] }>(`/v1/sync/poll?cursor=${cursor}`)).body;
  assert.deepEqual(events, [{ event: "changed", workspace_id: ann.login.workspace_id, cursor: await ann.cursor() }]);
  for (const timeout of ["-1", "x"]) assert.equal((await ann.get(`/v1/sync/poll?timeout=${timeout}`)).status, 400);
});

test("[AP56] beyond its bound of connections the server sheds, and polling goes on", async (t) => {
  const server = await startTestServer(t, { maxConnections: 1 });
  const ann = await server.signUp("ann");
  const first = await ann.listen(t);
  await assert.rejects(ann.listen(t), /503/);
  assert.equal((await ann.get("/v1/sync/poll?timeout=0")).status, 200);
  first.socket.close();
  await first.closed;
  await ann.listen(t);
});

test("[AP56] an upgrade is refused with a problem: no token, another address, wrong parameters", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  const ask = (path: string, headers: Record<string, string>) =>
    rawUpgrade(server.url, path, { ...upgrade, ...headers });
  assert.equal((await ask("/v1/sync/notifications", {})).code, "unauthenticated");
  assert.equal((await ask("/v1/elsewhere", ann.authorization)).code, "not_found");
  assert.equal((await ask("/v1/sync/notifications?mode=x", ann.authorization)).code, "bad_request");
  assert.equal((await ask("/v1/sync/notifications?cursor=x", ann.authorization)).code, "bad_cursor");
  assert.equal((await ann.get("/v1/sync/notifications")).body.code, "bad_request");
});

test("[AP58] a browser's token comes as a subprotocol, and is not said again", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const open = (token: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const protocols = [notificationsProtocol, bearerProtocol(token)];
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/v1/sync/notifications`, protocols);
      t.after(() => socket.close());
      socket.addEventListener("open", () => resolve(socket.protocol));
      socket.addEventListener("error", () => reject(new Error("refused")));
    });
  assert.equal(await open(ann.login.access_token), notificationsProtocol);
  await assert.rejects(open("v1.nobody.x"), /refused/);
});

test("[AP57] a peer that answers no ping is dropped, one that does stays", async (t) => {
  const server = await startTestServer(t, { heartbeatMs: 500 });
  const ann = await server.signUp("ann");
  const alive = await ann.listen(t);
  const dead = await ann.listen(t, "", { autoPong: false });
  assert.equal(await dead.closed, 1006);
  await ann.putFile("a.txt", "x");
  assert.equal((await alive.next<ChangeEvent>()).file_path, "/a.txt");
  assert.equal(server.core.hub.connections, 1);
});

test("[AP14] a login that another process revoked loses its connection at the next heartbeat", async (t) => {
  const server = await startTestServer(t, { heartbeatMs: 50 });
  const ann = await server.signUp("ann");
  const socket = await ann.listen(t);
  await server.metadata.identity.revokeDevice(ann.login.account_id, ann.login.device_id, server.nowMs());
  assert.equal(await socket.closed, 4401);
});

/** What a server answers to an upgrade that it refuses; `fetch` can't send one. */
async function rawUpgrade(url: string, path: string, headers: Record<string, string>): Promise<Problem> {
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(url);
  const lines = Object.entries({ host: "satchel", ...headers }).map(([name, value]) => `${name}: ${value}`);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write([`GET ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n")),
    );
    let received = "";
    socket.setEncoding("utf8").on("data", (data: string) => (received += data));
    socket.on("end", () => resolve(received)).on("error", reject);
  });
  return JSON.parse(text.split("\r\n\r\n")[1] ?? "") as Problem;
}
