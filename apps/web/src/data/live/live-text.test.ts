import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { liveSteps } from "@satchel/protocol";
import { isBeingKept, LiveText } from "./live-text.ts";
import { QuickTiming, ScriptedServer, until } from "./live-text.fixture.ts";
import { presenceMessage } from "./live-wire.ts";

interface World {
  readonly server: ScriptedServer;
  readonly timing: QuickTiming;
  readonly live: LiveText;
  words(): string;
  type(at: number, words: string): void;
}

async function openText(t: TestContext, text: string, prepare?: (server: ScriptedServer) => void): Promise<World> {
  const server = new ScriptedServer();
  server.text.insert(0, text);
  prepare?.(server);
  const timing = new QuickTiming();
  const live = new LiveText(server, timing);
  t.after(() => live.close());
  await until("the text is there", () => live.state().shared !== undefined);
  return {
    server,
    timing,
    live,
    words: () => live.state().shared?.words ?? "",
    type: (at, words) => live.state().shared?.text.insert(at, words),
  };
}

test("[W33] what is typed reaches the server and is kept, and what others type is there", async (t) => {
  const { server, live, words, type } = await openText(t, "one");
  type(3, " two");
  await until("it is kept", () => live.state().isKept);
  assert.equal(server.text.toJSON(), "one two");
  server.type(0, "zero ");
  assert.equal(words(), "zero one two");
  assert.ok(live.state().isConnected && live.state().canWrite);
});

test("[W33] words that were typed without a connection are merged with those of others, each once", async (t) => {
  const { server, live, words, type } = await openText(t, "one");
  server.isReachable = false;
  server.end(1006);
  type(3, " offline");
  await until("it is noticed", () => !live.state().isConnected);
  assert.ok(!live.state().isKept);
  server.text.insert(0, "elsewhere ");
  server.isReachable = true;
  await until("it is kept", () => live.state().isKept && live.state().isConnected);
  assert.equal(server.text.toJSON(), "elsewhere one offline");
  assert.equal(words(), "elsewhere one offline");
});

test("[W33] who types nothing says nothing, and so counts as nobody who typed", async (t) => {
  const { server, live } = await openText(t, "one", (prepared) => prepared.text.delete(0, 1));
  server.end(1006);
  await until("it is connected again", () => server.connections === 2 && live.state().isConnected);
  assert.deepEqual(new Set(server.steps), new Set([liveSteps.ask]));
});

test("[LV11] where the server has begun another session, words that it doesn't have are carried over by text", async (t) => {
  const { server, live, words, type } = await openText(t, "one\ntwo\n");
  server.isReachable = false;
  server.end(1006);
  type(0, "mine\n");
  server.beginAnew("one\ntwo\ntheirs\n");
  server.isReachable = true;
  await until("it is kept", () => live.state().isKept && server.text.toJSON().includes("mine"));
  assert.equal(words(), "mine\none\ntwo\ntheirs\n");
  assert.equal(server.text.toJSON(), words());
});

test("[LV11] what somebody types before the server has said what is there is not taken for all that is there", async (t) => {
  const { server, live, words, type } = await openText(t, "one\ntwo\n");
  server.isReachable = false;
  server.end(1006);
  type(0, "mine\n");
  server.beginAnew("one\ntwo\n");
  server.beforeAnswer = () => server.type(server.text.length, "early\n");
  server.isReachable = true;
  await until("it is kept", () => live.state().isKept && server.text.toJSON().includes("mine"));
  assert.equal(words(), "mine\none\ntwo\nearly\n");
  assert.equal(server.text.toJSON(), words());
});

test("[LV3] words of others that a server had shown and lost are brought back, and what is typed beside them is there", async (t) => {
  const { server, live, words, type } = await openText(t, "one");
  server.lose(() => server.type(3, " two"));
  await until("the words are back", () => server.connections === 2 && server.text.toJSON() === "one two");
  type(7, " three");
  await until("it is kept", () => live.state().isKept);
  assert.equal(server.text.toJSON(), "one two three");
  assert.equal(words(), "one two three");
});

test("[LV11] words that both changed are both there after another session has begun", async (t) => {
  const { server, live, words, type } = await openText(t, "colour: red\n");
  server.isReachable = false;
  server.end(1006);
  live.state().shared?.text.delete(8, 3);
  type(8, "blue");
  server.beginAnew("colour: green\n");
  server.isReachable = true;
  await until("it is kept", () => live.state().isKept && server.text.toJSON().includes("blue"));
  assert.match(words(), /green/);
  assert.doesNotMatch(words(), /red/);
});

test("[W33] a connection that gives no sign of life is ended, and another one made", async (t) => {
  const { server, timing, live } = await openText(t, "one");
  const before = server.heard;
  timing.passSilence();
  await until("it is asked", () => server.heard === before + 1);
  server.isSilent = true;
  timing.passSilence();
  await until("it is asked in vain", () => server.heard === before + 2);
  assert.equal(server.connections, 1);
  server.isSilent = false;
  timing.passSilence();
  await until("there is another one", () => server.connections === 2 && live.state().isConnected);
});

test("[W33] [WB43] what somebody types who may only read now is not taken for kept, nor waited for", async (t) => {
  const { server, live, type } = await openText(t, "one");
  assert.ok(isBeingKept(live.state()));
  server.canWrite = false;
  server.end(4403);
  await until("it is told", () => live.state().isConnected && !live.state().canWrite);
  type(3, " two");
  assert.ok(!live.state().isKept);
  assert.ok(!isBeingKept(live.state()));
  assert.equal(server.text.toJSON(), "one");
});

for (const [code, refusal, ended] of [
  [4404, "none", "gone"],
  [4403, "gone", "gone"],
  [4413, "none", "too_large"],
  [4415, "none", "not_text"],
  [4415, "gone", "gone"],
  [4401, "login_ended", "login_ended"],
] as const) {
  test(`[W33] a session that is ended with ${code} where the file is ${refusal} is over: ${ended}`, async (t) => {
    const { server, live, words } = await openText(t, "one");
    server.refusal = refusal;
    server.isReachable = false;
    server.end(code);
    await until("it is over", () => live.state().ended !== undefined);
    assert.equal(live.state().ended, ended);
    assert.equal(words(), "one");
  });
}

test("[W33] others are known by the name that the server says, each account in a colour, until the connection ends", async (t) => {
  const { server, live } = await openText(t, "one");
  const state = (account: string, name: string) => JSON.stringify({ user: { account, name }, cursor: null });
  server.tell(presenceMessage({ client: 1, clock: 1, state: state("a", "Ann") }));
  server.tell(presenceMessage({ client: 2, clock: 1, state: state("b", "Ben") }));
  server.tell(presenceMessage({ client: 3, clock: 1, state: state("a", "Ann") }));
  server.tell(presenceMessage({ client: 4, clock: 1, state: "no JSON" }));
  const people = () => live.state().people.map(({ name, colour }) => `${name} ${colour}`);
  assert.deepEqual(people(), ["Ann 0", "Ben 1", "Ann 0"]);
  server.tell(presenceMessage({ client: 1, clock: 0, state: "null" }));
  assert.equal(people().length, 3);
  server.tell(presenceMessage({ client: 2, clock: 2, state: "null" }));
  assert.deepEqual(people(), ["Ann 0", "Ann 0"]);
  server.isReachable = false;
  server.end(1006);
  await until("nobody is known to be there", () => live.state().people.length === 0);
});
