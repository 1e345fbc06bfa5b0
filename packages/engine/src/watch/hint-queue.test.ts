import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "node:test";
import type { Seen } from "../ports/watcher.ts";
import { createHintQueue, maxQueuedPaths } from "./hint-queue.ts";

function openQueue() {
  const sent: (readonly string[] | undefined)[] = [];
  return { sent, queue: createHintQueue((paths) => sent.push(paths)) };
}

test("[DK21] what comes in one turn is sent together, without waiting for a timer", async () => {
  const { sent, queue } = openQueue();
  for (const path of ["a", "b", "a"]) queue.add(path);
  assert.deepEqual(sent, []);
  await nextTurn();
  assert.deepEqual(sent, [["a", "b"]]);
});

test("[DK21] while the reader is busy the queue gathers, and sends that together", async () => {
  const { sent, queue } = openQueue();
  queue.add("a");
  await nextTurn();
  queue.add("b");
  await nextTurn();
  queue.add("c");
  await nextTurn();
  assert.deepEqual(sent, [["a"]]);
  queue.read();
  await nextTurn();
  assert.deepEqual(sent, [["a"], ["b", "c"]]);
  queue.read();
  await nextTurn();
  assert.equal(sent.length, 2);
});

test("[DK22] too many paths become anything, which swallows what else is known", async () => {
  const { sent, queue } = openQueue();
  for (let n = 0; n <= maxQueuedPaths; n += 1) queue.add(`${n}`);
  queue.add("more");
  await nextTurn();
  assert.deepEqual(sent, [undefined]);
  queue.read();
  await nextTurn();
  queue.add("later");
  await nextTurn();
  assert.deepEqual(sent, [undefined, ["later"]]);
});

test("[DK32] what was seen at a path goes with it, unless something else was told of it since", async () => {
  const sent: [readonly string[] | undefined, (readonly [string, string])[]][] = [];
  const queue = createHintQueue((paths, seen) => sent.push([paths, [...seen]]));
  const [first, second] = ["1:1 a", "1:1 b"] as Seen[];
  queue.add("a", first);
  queue.add("b", first);
  queue.add("b", second);
  queue.add("c", first);
  queue.add("c");
  await nextTurn();
  queue.read();
  queue.add("d");
  await nextTurn();
  assert.deepEqual(sent, [
    [
      ["a", "b", "c"],
      [
        ["a", first],
        ["b", second],
      ],
    ],
    [["d"], []],
  ]);
});
