import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cp, mkdir } from "node:fs/promises";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { liveMessages, makeEntryId, makeWorkspaceId, type AccountId, type DeviceId } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import * as Y from "yjs";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import type { LiveStore } from "../../storage/metadata/live-store.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { documentMessage } from "./live-messages.ts";
import { createLiveSessions } from "./live-sessions.ts";
import { filesOf, memoryLiveStore, TestClock, TestFile } from "./live-world.fixture.ts";

const fileId = makeEntryId(makeWorkspaceId(randomBytes(10)), randomBytes(10));
const caller = { accountId: "ann" as AccountId, deviceId: "device" as DeviceId, userName: "ann" } as Caller;
/** Everybody may do everything. */
const authorisation = {
  requireRight: () => caller,
  requireEntry: async () => fileId,
} as unknown as Authorisation;

/** A process of the server. */
function startProcess(world: { file: TestFile; clock: TestClock; store: LiveStore; holder: string }) {
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const sessions = createLiveSessions({
    store: world.store,
    files: filesOf(world.file),
    key: new Uint8Array(32).fill(3),
    host: world.clock.host,
    holder: world.holder,
    follow: async () => {},
    onFailure: (error) => assert.fail(String(error)),
    authorisation,
    bus,
  });
  return { bus, sessions, join: () => join(sessions) };
}

/** Somebody with a socket that is closed when they like. */
async function join(sessions: ReturnType<typeof createLiveSessions>) {
  const heard: Uint8Array[] = [];
  const socket: { closed: number | undefined } = { closed: undefined };
  const sink = {
    send: (message: Uint8Array) => void heard.push(message),
    backlogBytes: () => 0,
    close: (code: number) => void (socket.closed = code),
  };
  const seat = await sessions.join(caller, { fileId, session: undefined, sink });
  const type = (text: string): void => {
    const document = new Y.Doc();
    document.getText("text").insert(0, text);
    seat.receive(documentMessage("update", Y.encodeStateAsUpdate(document)));
  };
  const count = (kind: keyof typeof liveMessages): number => heard.filter(([of]) => of === liveMessages[kind]).length;
  return { ...seat, socket, type, count };
}

test("[LV10] a file has one session, though a socket of the one before it closes late", async () => {
  const [file, clock] = [new TestFile("one\n"), new TestClock()];
  const { bus, sessions, join: comes } = startProcess({ file, clock, store: memoryLiveStore(), holder: "one" });
  const late = await comes();
  file.look = "not_text";
  bus.publish({ kind: "gap" });
  while (late.socket.closed === undefined) await turn();
  file.look = "text";
  const first = await comes();
  late.leave();
  clock.advance(5000);
  const second = await comes();
  const before = second.count("document");
  first.type("typed ");
  assert.equal(second.count("document"), before + 1);
  await sessions.close();
});

test("[LV3] what was acknowledged is read back from the database of a process that was killed, and becomes a version though nobody comes back", async () => {
  await using directory = await temporaryDirectory("live");
  const [file, clock] = [new TestFile("one\n"), new TestClock()];
  const open = (folder: string) => openInThreadMetadataStore({ path: directory.join(folder, "meta.db"), randomBytes });
  await mkdir(directory.join("alive"));
  const killed = await open("alive");
  const writer = await startProcess({ file, clock, store: killed.live, holder: "killed" }).join();
  writer.type("kept ");
  while (writer.count("kept") === 0) await turn();
  // What a process leaves behind that is killed at this instant.
  await cp(directory.join("alive"), directory.join("left"), { recursive: true });
  await killed.close();
  clock.forget();
  assert.equal(file.head.text, "one\n");

  const store = await open("left");
  const next = startProcess({ file, clock, store: store.live, holder: "next" });
  clock.advance(10_000);
  await next.sessions.tendForsaken();
  await next.sessions.close();
  assert.ok(["kept one\n", "one\nkept "].includes(file.head.text), file.head.text);
  assert.deepEqual(await store.live.listForsaken({ nowMs: clock.nowMs + 60_000, limit: 1 }), []);
  await store.close();
});
