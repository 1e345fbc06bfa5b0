import { createHistogram, performance, type RecordableHistogram } from "node:perf_hooks";

/** What became of one kind of request. */
export interface Outcome {
  /** Microseconds from when a request was due to its answer's end: one that had to wait for its turn waited all the same (coordinated omission; Tene, *How NOT to Measure Latency*). */
  readonly latencyUs: RecordableHistogram;
  /** Answers by status; 0 for those that broke off. */
  readonly statuses: Map<number, number>;
  /** When the last one was answered, in milliseconds after the start. */
  endedMs: number;
}

export interface Load<Device> {
  readonly perSecond: number;
  readonly seconds: number;
  readonly ask: (device: Device) => Promise<number>;
}

const tickMs = 2;

/**
 * Asks at the given rate, whatever the answers take: each request has its time, and is due then. Devices take one request at a time; a request for which none is free waits, and its time runs.
 */
export async function playOpenLoop<Device>(
  devices: readonly Device[],
  { perSecond, seconds, ask }: Load<Device>,
): Promise<Outcome> {
  const outcome: Outcome = { latencyUs: createHistogram(), statuses: new Map(), endedMs: 0 };
  const total = Math.floor(perSecond * seconds);
  const free = [...devices];
  const waiting: number[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const startMs = performance.now();
  let due = 0;
  let answered = 0;

  function begin(device: Device, dueMs: number): void {
    ask(device)
      .catch(() => 0)
      .then((status) => finish(device, { status, dueMs }))
      .catch(reject);
  }

  function finish(device: Device, { status, dueMs }: { status: number; dueMs: number }): void {
    const nowMs = performance.now() - startMs;
    outcome.latencyUs.record(Math.max(1, Math.round((nowMs - dueMs) * 1000)));
    outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1);
    outcome.endedMs = nowMs;
    answered += 1;
    const next = waiting.shift();
    if (next === undefined) free.push(device);
    else begin(device, next);
    if (answered === total) resolve();
  }

  const timer = setInterval(() => {
    const nowMs = performance.now() - startMs;
    for (; due < total && (due * 1000) / perSecond <= nowMs; due += 1) {
      const dueMs = (due * 1000) / perSecond;
      const device = free.shift();
      if (device === undefined) waiting.push(dueMs);
      else begin(device, dueMs);
    }
    if (due === total) clearInterval(timer);
  }, tickMs);
  if (total === 0) resolve();
  await promise;
  clearInterval(timer);
  return outcome;
}
