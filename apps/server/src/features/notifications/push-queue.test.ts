import assert from "node:assert/strict";
import { test } from "node:test";
import { maxBacklogBytes, PushQueue, type PushSink } from "./push-queue.ts";

/** A connection that takes nothing until it is told to. */
class SlowSink implements PushSink {
  readonly sent: string[] = [];
  closed: number | undefined;
  #backlog: { text: string; onSent: () => void }[] = [];

  send(text: string, onSent: () => void): void {
    this.sent.push(text);
    this.#backlog.push({ text, onSent });
  }

  backlogBytes(): number {
    return this.#backlog.reduce((sum, { text }) => sum + text.length, 0);
  }

  close(code: number): void {
    this.closed = code;
  }

  drain(): void {
    const leaving = this.#backlog;
    this.#backlog = [];
    for (const { onSent } of leaving) onSent();
  }
}

const at = (sequence: number) => ({ sequence, epoch: "e" });
const span = (sequence: number) => ({ before: at(sequence), after: at(sequence + 1) });

test("[AP53] a reader that keeps up gets every message", () => {
  const sink = new SlowSink();
  const queue = new PushQueue(sink, () => "missed");
  for (let sequence = 0; sequence < 3; sequence += 1) {
    queue.push(span(sequence), [`m${sequence}`]);
    sink.drain();
  }
  assert.deepEqual(sink.sent, ["m0", "m1", "m2"]);
});

test("[AP53] a slow reader has a bounded backlog, and is told once of all it missed", () => {
  const sink = new SlowSink();
  const queue = new PushQueue(sink, ({ before, after }) => `missed ${before.sequence} to ${after.sequence}`);
  const large = "x".repeat(maxBacklogBytes / 2);
  for (let sequence = 0; sequence < 1000; sequence += 1) queue.push(span(sequence), [large]);
  assert.equal(sink.sent.length, 3);
  sink.drain();
  assert.deepEqual(sink.sent.slice(3), ["missed 3 to 1000"]);
  sink.drain();
  queue.push(span(1000), ["next"]);
  assert.deepEqual(sink.sent.slice(4), ["next"]);
});
