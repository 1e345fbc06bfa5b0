import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { testClock, until } from "../../test-clock.fixture.ts";
import { mailPausesMs } from "./deliver-next.ts";
import { openMailQueue } from "./mail-queue.ts";
import { MailRefusedError, type DeliverMail, type OutgoingMail } from "./mailer.ts";
import { openMail } from "./sealed-mail.ts";

const key = randomBytes(32);
const letter = { to: "ann@example.org", subject: "hello", text: "a secret link", accountId: null };

/** One database, on which any number of servers keep their mail, and a clock whose timers run when the test moves it. */
async function startPost(t: TestContext) {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  t.after(() => metadata.close());
  const { host, move } = testClock();
  const lost: string[] = [];
  const open = (deliver: DeliverMail) =>
    openMailQueue({
      store: metadata.mail,
      key,
      deliver,
      host,
      onLost: (_reason, subject) => void lost.push(subject),
      onFailure: (error) => assert.fail(String(error)),
    });
  return {
    store: metadata.mail,
    lost,
    open,
    /** The clock moves, and the timers that are due by then run. */
    moveClock: move,
  };
}

/** Hands messages to the test one by one. */
function mailbox(refuse: (count: number) => Error | undefined = () => undefined) {
  const received: OutgoingMail[] = [];
  const waiting: (() => void)[] = [];
  let tries = 0;
  const deliver: DeliverMail = async (mail) => {
    tries += 1;
    const refusal = refuse(tries);
    for (const told of waiting.splice(0)) told();
    if (refusal) throw refusal;
    received.push(mail);
  };
  /** Resolves with the next try. */
  const nextTry = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { deliver, received, nextTry, tries: () => tries };
}

test("[ID40] what a server that died had not sent, the next one sends, once, although several are there", async (t) => {
  const post = await startPost(t);
  const dead = post.open(() => Promise.reject(new Error("no mail server")));
  await dead.send(letter);
  await dead.close();
  const [waiting] = await post.store.list(10);
  assert.ok(waiting && !JSON.stringify(waiting).includes("secret") && !waiting.sealed.includes("ann"));
  const box = mailbox();
  const servers = [post.open(box.deliver), post.open(box.deliver), post.open(box.deliver)];
  post.moveClock(10 * 60_000);
  await Promise.all(servers.map((server) => server.send({ ...letter, subject: "another" })));
  await until(async () => (await post.store.counts()).waiting === 0);
  for (const server of servers) await server.close();
  assert.deepEqual(box.received.map(({ subject }) => subject).toSorted(), ["another", "another", "another", "hello"]);
  assert.equal(new Set(box.received.map(({ id }) => id)).size, 4);
});

test("[ID40] a message is tried for a day, ever more rarely; then it is given up, and its text forgotten", async (t) => {
  const post = await startPost(t);
  const box = mailbox(() => new Error("not now"));
  const server = post.open(box.deliver);
  let tried = box.nextTry();
  await server.send(letter);
  await tried;
  let dueMs = 0;
  for (const pauseMs of mailPausesMs) {
    dueMs += pauseMs;
    await until(async () => (await post.store.nextDueMs()) === dueMs);
    tried = box.nextTry();
    post.moveClock(pauseMs);
    await server.send(undefined);
    await tried;
  }
  await until(async () => (await post.store.counts()).givenUp === 1);
  await server.close();
  assert.deepEqual([box.tries(), post.lost], [mailPausesMs.length + 1, ["hello"]]);
  const [given] = (await post.store.list(10)).filter(({ dueAtMs }) => dueAtMs === null);
  const { to, subject } = letter;
  assert.deepEqual(given && openMail(key, given.id, given.sealed), { to, subject, reason: "not now" });
});

test("[ID40] a message that will never be taken is given up at once; what a timer was set for is sent by itself", async (t) => {
  const post = await startPost(t);
  const box = mailbox((count) => [new MailRefusedError("no such mailbox"), new Error("not now")][count - 1]);
  const server = post.open(box.deliver);
  await server.send({ ...letter, subject: "refused" });
  await until(async () => (await post.store.counts()).givenUp === 1);
  await server.send(letter);
  await until(() => {
    post.moveClock(1000);
    return box.received.length > 0;
  });
  await server.close();
  assert.deepEqual([box.tries(), post.lost], [3, ["refused"]]);
});

test("[ID40] a message whose link ended while no mail server took it is given up, not sent", async (t) => {
  const post = await startPost(t);
  const away = post.open(() => Promise.reject(new Error("no mail server")));
  const hourMs = 3600_000;
  await away.send({ ...letter, subject: "ends", goodForMs: hourMs });
  await away.send({ ...letter, subject: "ends later", goodForMs: hourMs + 1 });
  await away.send({ ...letter, subject: "ends never" });
  await until(async () => (await post.store.list(10)).every(({ tries }) => tries > 0));
  await away.close();
  post.moveClock(hourMs);
  const box = mailbox();
  const server = post.open(box.deliver);
  await until(async () => (await post.store.counts()).waiting === 0);
  await server.close();
  assert.deepEqual(box.received.map(({ subject }) => subject).toSorted(), ["ends later", "ends never"]);
  assert.deepEqual(post.lost, ["ends"]);
  const given = (await post.store.list(10)).map(({ id, sealed }) => openMail(key, id, sealed));
  const { to } = letter;
  assert.deepEqual(given, [{ to, subject: "ends", reason: "no mail server took it before its link ended" }]);
});

test("[ID60] a message to nobody takes the same steps, and reaches nobody", async (t) => {
  const post = await startPost(t);
  const box = mailbox();
  const server = post.open(box.deliver);
  await server.send(undefined);
  await until(async () => (await post.store.counts()).waiting === 0);
  await server.close();
  assert.deepEqual([box.tries(), post.lost], [0, []]);
});
