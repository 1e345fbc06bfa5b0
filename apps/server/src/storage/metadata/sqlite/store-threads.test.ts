import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "node:test";
import { StoreThreads, type StoreThread } from "./store-threads.ts";
import type { WorkerSettings } from "./worker-messages.ts";

const read = { section: "tree", method: "head", parameters: [] };

describe("the threads of SQLite", () => {
  test("[MD65] a reading thread that ended by itself leaves reads to the one that writes", async () => {
    const world = open();
    const threads = await world.underLoad();
    assert.equal(await threads.call(read), "reader");
    world.reader.hasFailed = true;
    assert.equal(await threads.call(read), "writer");
    world.reader.close = () => Promise.reject(new Error("the database's thread has ended"));
    await threads.close();
    assert.deepEqual(world.closed, ["writer"]);
  });

  test("[MD65] where no other thread can be started, the one that writes goes on reading", async () => {
    const world = open({ isFull: true });
    const threads = await world.underLoad();
    assert.equal(await threads.call(read), "writer");
    await threads.close();
    assert.deepEqual(world.closed, ["writer"]);
  });

  test("[MD65] no thread for reads begins once the store closes, and the writing one closes last", async () => {
    const world = open();
    const threads = await StoreThreads.open({ path: "" }, world.start);
    const closing = threads.close();
    await Promise.all(Array.from({ length: 16 }, () => threads.call(read)));
    await closing;
    assert.deepEqual([world.started, world.closed], [["writer"], ["writer"]]);
    const busy = open();
    await (await busy.underLoad()).close();
    assert.deepEqual(busy.closed, ["reader", "writer"]);
  });
});

function open({ isFull = false } = {}) {
  const started: string[] = [];
  const closed: string[] = [];
  const thread = (name: string) => ({
    opened: Promise.resolve(),
    hasFailed: false,
    call: (): Promise<unknown> => Promise.resolve(name),
    close: (): Promise<void> => Promise.resolve(void closed.push(name)),
  });
  const [writer, reader] = [thread("writer"), thread("reader")];
  const start = ({ readOnly = false }: WorkerSettings): StoreThread => {
    if (readOnly && isFull) throw new Error("ERR_WORKER_INIT_FAILED");
    started.push(readOnly ? "reader" : "writer");
    return readOnly ? reader : writer;
  };
  return {
    started,
    closed,
    reader,
    start,
    /** With so many reads at once behind it that the reading thread is there, if it could be started. */
    async underLoad(): Promise<StoreThreads> {
      const threads = await StoreThreads.open({ path: "" }, start);
      await Promise.all(Array.from({ length: 16 }, () => threads.call(read)));
      await nextTurn();
      return threads;
    },
  };
}
