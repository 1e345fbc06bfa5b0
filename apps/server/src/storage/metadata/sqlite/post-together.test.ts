import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "node:test";
import { postTogether } from "./post-together.ts";

describe("messages between threads", () => {
  test("what one turn of the event loop sends goes together, in order", async () => {
    const posted: (readonly number[])[] = [];
    const send = postTogether<number>({
      post: (messages) => void posted.push(messages),
      onUnsendable: () => assert.fail(),
    });
    send(1);
    await Promise.resolve();
    send(2);
    assert.deepEqual(posted, []);
    await nextTurn();
    send(3);
    await nextTurn();
    assert.deepEqual(posted, [[1, 2], [3]]);
  });

  test("many don't wait for the last of them", async () => {
    const posted: (readonly number[])[] = [];
    const send = postTogether<number>({
      post: (messages) => void posted.push(messages),
      onUnsendable: () => assert.fail(),
    });
    for (let number = 0; number < 70; number += 1) send(number);
    assert.deepEqual(
      posted.map(({ length }) => length),
      [32, 32],
    );
    await nextTurn();
    assert.deepEqual(
      posted.flat(),
      Array.from({ length: 70 }, (_, index) => index),
    );
  });

  test("a message that can't be sent is told of, and those beside it are sent", async () => {
    const posted: string[] = [];
    const unsendable: string[] = [];
    const send = postTogether<string>({
      post(messages) {
        if (messages.includes("bad")) throw new Error("can't be cloned");
        posted.push(...messages);
      },
      onUnsendable: (message, error) => unsendable.push(`${message}: ${String(error)}`),
    });
    for (const message of ["one", "bad", "two"]) send(message);
    await nextTurn();
    assert.deepEqual(posted, ["one", "two"]);
    assert.deepEqual(unsendable, ["bad: Error: can't be cloned"]);
  });
});
