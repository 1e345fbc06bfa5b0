import assert from "node:assert/strict";
import { test } from "node:test";
import { maxLiveBytes, type AccountId, type DeviceId } from "@satchel/protocol";
import * as Y from "yjs";
import { holdMs } from "./live-journal.ts";
import { LiveSession } from "./live-session.ts";
import { maxUnsavedMs, pauseMs } from "./save-clock.ts";
import { fileId, filesOf, TestServer, TestWriter } from "./live-world.fixture.ts";

/** A session of a file, with one who types. */
async function start(text: string) {
  const server = new TestServer(text);
  const session = await server.open();
  const writer = new TestWriter("ann", 1);
  const room = server.room;
  assert.ok(room);
  writer.connect(room);
  await server.exchange(writer);
  return { server, session, writer };
}

test("[LV3] what was acknowledged is there after the death of the process, and becomes a version", async () => {
  const { server, writer } = await start("one\n");
  writer.type(0, "kept ");
  await server.exchange(writer);
  assert.equal(writer.kept, writer.sent);
  assert.equal(server.file.head.text, "one\n");
  server.kill();
  assert.deepEqual(await server.store.listForsaken({ nowMs: server.clock.nowMs, limit: 1 }), [fileId]);
  const next = await server.open();
  assert.equal(next.text, "kept one\n");
  await next.close();
  assert.equal(server.file.head.text, "kept one\n");
  assert.deepEqual(server.file.typists, [["ann"]]);
});

test("[LV7] a version is written at a pause, and while nobody pauses after half a minute", async () => {
  const { server, writer } = await start("");
  for (let typedMs = 0; typedMs < maxUnsavedMs; typedMs += pauseMs / 2) {
    assert.equal(server.file.versions.length, 1);
    writer.type(writer.text.length, "x");
    await server.exchange(writer);
    server.clock.advance(pauseMs / 2);
    await server.exchange(writer);
  }
  assert.equal(server.file.versions.length, 2);
  writer.type(0, "y");
  await server.exchange(writer);
  assert.equal(writer.state?.saved, false);
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.equal(server.file.versions.length, 3);
  assert.equal(writer.state?.saved, true);
});

test("[LV7] a version is of all who typed since the one before, and not of who only came back", async () => {
  const { server, session, writer: ann } = await start("one\n");
  const ben = new TestWriter("ben", 2);
  const eve = new TestWriter("eve", 3);
  const { room } = server;
  assert.ok(room);
  for (const writer of [ben, eve]) writer.connect(room);
  await server.exchange(ann, ben, eve);
  ann.type(0, "ann ");
  await server.exchange(ann, ben, eve);
  ben.type(0, "ben ");
  await server.exchange(ann, ben, eve);
  const cameBack = { accountId: "eve" as AccountId, deviceId: "d_eve" as DeviceId };
  session.edit({ update: Y.encodeStateAsUpdate(session.document), typist: cameBack, onKept: () => undefined }, "eve");
  await session.settle();
  server.clock.advance(pauseMs);
  await server.exchange(ann, ben, eve);
  assert.deepEqual(server.file.typists, [["ann", "ben"]]);
});

test("[LV7] a version is of whoever typed what is in it, also when that came while the file was looked at", async () => {
  const { server, session } = await start("one\n");
  const ann = new Y.Doc();
  Y.applyUpdate(ann, Y.encodeStateAsUpdate(session.document));
  ann.getText("text").insert(0, "ann ");
  const typist = { accountId: "ann" as AccountId, deviceId: "d_ann" as DeviceId };
  session.look();
  session.save();
  session.edit({ update: Y.encodeStateAsUpdate(ann), typist, onKept: () => undefined }, "ann");
  await session.settle();
  assert.equal(server.file.head.text, "ann one\n");
  assert.deepEqual(server.file.typists, [["ann"]]);
});

test("[LV7] a version whose answer was lost is known for the session's own, also when others wrote after it", async () => {
  const { server, writer } = await start("one\n");
  writer.type(0, "typed ");
  await server.exchange(writer);
  server.file.losesAnswers = true;
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.equal(server.failures.length, 1);
  server.file.losesAnswers = false;
  server.file.commit("typed one\nsaved\n");
  server.kill();
  assert.equal((await server.open()).text, "typed one\nsaved\n");
});

test("[LV7] why no version could be written is told, and it is tried again", async () => {
  const { server, writer } = await start("one\n");
  server.file.refusal = "quota_exceeded";
  writer.type(0, "typed ");
  await server.exchange(writer);
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.deepEqual([writer.state?.saved, writer.state?.problem], [false, "quota_exceeded"]);
  server.file.refusal = undefined;
  server.clock.advance(maxUnsavedMs);
  await server.exchange(writer);
  assert.deepEqual([writer.state?.saved, writer.state?.problem], [true, null]);
  assert.equal(server.file.head.text, "typed one\n");
});

test("[LV6] a save from elsewhere is at once a version, with what was typed since", async () => {
  const { server, session, writer } = await start("one two\n");
  writer.type(3, " typed");
  await server.exchange(writer);
  server.file.commit("one 2\nthree\n");
  session.look();
  await server.exchange(writer);
  assert.equal(writer.text, "one typed 2\nthree\n");
  assert.equal(server.file.head.text, "one typed 2\nthree\n");
});

test("[LV10] a process that lost its session changes nothing any more, and sends everybody away", async () => {
  const { server, session, writer } = await start("one\n");
  server.clock.advance(3000);
  const parts = {
    store: server.store,
    files: filesOf(server.file),
    key: new Uint8Array(32).fill(3),
  };
  const others = {
    ...parts,
    host: server.clock.host,
    holder: "other",
    follow: async () => {},
    onFailure: (error: unknown) => assert.fail(String(error)),
  };
  await assert.rejects(LiveSession.open(others, fileId), { code: "unavailable" });
  const late = { ...server.clock.host, nowMs: () => server.clock.nowMs + 20_000 };
  const other = await LiveSession.open({ ...others, host: late }, fileId);
  writer.type(0, "typed ");
  await server.exchange(writer);
  assert.ok(session.isOver);
  assert.equal(writer.closed, 1012);
  assert.ok(writer.kept < writer.sent);
  assert.equal(other.text, "one\n");
  await other.close();
});

test("[LV11] a session that was let go goes on with the same document, and what others wrote meanwhile is in it", async () => {
  const { server, session, writer } = await start("one\n");
  writer.disconnect();
  writer.type(0, "offline ");
  await session.close();
  server.file.commit("one\nsaved\n");
  await server.open();
  assert.ok(server.room);
  writer.connect(server.room);
  await server.exchange(writer);
  assert.equal(writer.state?.session, session.state.session);
  assert.equal(writer.text, "offline one\nsaved\n");
});

test("[LV12] what is kept doesn't say what was typed, and opens with the server's key only", async () => {
  const { server, writer } = await start("secret\n");
  writer.type(0, "whisper ");
  await server.exchange(writer);
  const hold = { fileId, holder: "reader", nowMs: server.clock.nowMs + 20_000, forMs: 1 };
  const kept = await server.store.take(hold);
  assert.ok(kept?.sealed);
  assert.equal(kept.updates.length, 1);
  for (const sealed of [kept.sealed, ...kept.updates.map((update) => update.sealed)]) {
    const readable = sealed + Buffer.from(sealed, "base64url").toString("latin1");
    assert.ok(!/secret|whisper/.test(readable));
  }
});

test("[LV9] what is in no version yet is put beside a file that is no text any more", async () => {
  const { server, session, writer } = await start("one\n");
  writer.type(0, "typed ");
  await server.exchange(writer);
  server.file.look = "not_text";
  session.look();
  await server.exchange(writer);
  assert.deepEqual(server.file.aside, ["typed one\n"]);
  assert.equal(writer.closed, 4415);
  await assert.rejects(server.open(), { code: "not_found" });
});

test("[LV6] a save from elsewhere is seen once it is kept: after a crash in between, and one more save, nothing is there twice", async () => {
  const { server, session, writer } = await start("one\n");
  const { save } = server.store;
  server.store.save = async () => assert.fail("lost, like the database");
  server.file.commit("one\nsaved\n");
  session.look();
  await server.exchange(writer);
  assert.equal(writer.text, "one\n");
  server.kill();
  server.store.save = save;
  server.file.commit("one\nsaved\nagain\n");
  await server.open();
  assert.ok(server.room);
  writer.connect(server.room);
  await server.exchange(writer);
  assert.equal(writer.text, "one\nsaved\nagain\n");
  assert.equal(server.file.head.text, writer.text);
});

test("[LV7] what was about to be written and is there already, by whoever's hand, is not there twice", async () => {
  const { server, writer } = await start("one\n");
  writer.type(0, "typed ");
  await server.exchange(writer);
  server.file.commit("typed one\n");
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.deepEqual([writer.text, writer.state?.saved], ["typed one\n", true]);
  assert.equal(server.file.versions.length, 2);
});

test("[LV3] what was typed and taken out again is in no version, and doesn't pile up for that", async () => {
  const { server, writer } = await start("one\n");
  writer.type(0, "typed ");
  writer.remove(0, 6);
  await server.exchange(writer);
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.equal(server.file.versions.length, 1);
  const hold = { fileId, holder: "reader", nowMs: server.clock.nowMs + 20_000, forMs: 1 };
  assert.deepEqual((await server.store.take(hold))?.updates, []);
});

test("[LV10] a session that could not be opened is not held", async () => {
  const server = new TestServer("one\n");
  const { save } = server.store;
  server.store.save = async () => assert.fail("the database is away");
  await assert.rejects(server.open(), /the database is away/);
  server.store.save = save;
  server.clock.advance(holdMs);
  assert.equal((await server.open()).text, "one\n");
});

test("[LV2] who comes back to a text that is nearly full, and has much to tell of what was deleted, is not refused for that", async () => {
  const { server, writer } = await start(`${"x".repeat(maxLiveBytes - 100)}\n`);
  const { room } = server;
  assert.ok(room);
  for (let at = 0; at < 100; at += 1) writer.remove(at, 1);
  await server.exchange(writer);
  writer.type(0, "y".repeat(150));
  writer.disconnect();
  writer.connect(room);
  await server.exchange(writer);
  assert.equal(writer.closed, undefined);
  assert.equal(server.session?.text, writer.text);
  assert.equal(writer.text.length, maxLiveBytes - 49);
  writer.type(0, "z".repeat(50));
  await server.exchange(writer);
  assert.equal(writer.closed, 4413);
});

test("[LV2] what was pasted and is in no text file, isn't in this one, and the session goes on", async () => {
  const { server, session, writer } = await start("\uFEFFone\r\n");
  writer.type(0, "a\0b\rc\r\n");
  await server.exchange(writer);
  server.clock.advance(pauseMs);
  await server.exchange(writer);
  assert.equal(server.file.head.text, "\uFEFFab\r\nc\r\none\r\n");
  session.look();
  await server.exchange(writer);
  assert.equal(writer.closed, undefined);
  assert.ok(session.isSaved);
});

test("[LV13] what is no text doesn't make a document grow without end", async () => {
  const { server, writer } = await start("one\n");
  const attributes = writer.document.getMap<string>("else");
  for (let count = 0; count < 100 && writer.closed === undefined; count += 1) {
    attributes.set(`${count}`, "x".repeat(200_000));
    writer.deliver();
  }
  assert.equal(writer.closed, 4413);
  await server.exchange(writer);
  assert.equal(server.session?.text, "one\n");
});
