import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import { createAdmission, priorities, type Priority } from "./admission.ts";

describe("what a server with too much to do sends away", () => {
  test("[OP32] what adorns goes first, then what people look at, then saves; and all come back", () => {
    const { admission, shed } = open();
    const ends: (() => void)[] = [];
    const admittedAt = new Map<Priority, number>();
    for (let inHand = 0; inHand <= 64; inHand += 1) {
      for (const priority of admitted(admission)) admittedAt.set(priority, inHand);
      ends.push(admission.begin());
    }
    // The last numbers in hand at which each was still taken, of 64.
    assert.deepEqual(Object.fromEntries(admittedAt), { extra: 3, listing: 15, commit: 63 });
    assert.ok(shed.length > 0);
    // A request that ends twice, by its answer and by its connection, ends once.
    for (const end of [...ends, ...ends]) end();
    assert.deepEqual(admitted(admission), priorities);
  });

  test("[OP32] whoever is sent away is told a time, each another", () => {
    let turn = 0;
    const { admission } = open(() => ((turn += 1) % 10) / 10);
    for (let inHand = 0; inHand < 64; inHand += 1) admission.begin();
    const times = Array.from({ length: 10 }, () => refusal(admission)?.retryAfterSeconds ?? 0);
    assert.deepEqual([Math.min(...times), Math.max(...times)], [1, 8]);
  });
});

function open(random: () => number = () => 0) {
  const shed: Priority[] = [];
  const onShed = (priority: Priority): void => void shed.push(priority);
  return { admission: createAdmission({ maxInHand: 64, random, onChange: () => {}, onShed }), shed };
}

function admitted(admission: ReturnType<typeof createAdmission>): Priority[] {
  return priorities.filter((priority) => refusal(admission, priority) === undefined);
}

function refusal(
  admission: ReturnType<typeof createAdmission>,
  priority: Priority = "commit",
): ProblemError | undefined {
  try {
    admission.admit(priority);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProblemError && error.code === "unavailable");
    return error;
  }
}
