import { workerData } from "node:worker_threads";
import { inTurn, type WritingTurns } from "./writing-turns.ts";

/* Counts in two steps what only one thread at a time may count. */
const { turns, count, timesEach } = workerData as { turns: WritingTurns; count: Int32Array; timesEach: number };
for (let time = 0; time < timesEach; time += 1) {
  inTurn(turns, () => {
    const before = count[0] ?? 0;
    for (let pause = 0; pause < 20; pause += 1) Atomics.load(turns, 0);
    count[0] = before + 1;
  });
}
