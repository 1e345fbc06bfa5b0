import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 250;
/** Looks in a row without work that make a rest. */
const QUIET_LOOKS = 4;
/** Work below this in one look is a timer's, not a change's. */
const QUIET_CPU_SECONDS = 0.02;

/** Returns when a system has used next to no CPU for a second, or after `limitMs`; answers since when it rests (by `performance.now()`). */
export async function untilQuiet(cpuSeconds: () => number, limitMs: number): Promise<number> {
  const deadline = performance.now() + limitMs;
  let before = cpuSeconds();
  let restsSinceMs = performance.now();
  for (let quiet = 0; quiet < QUIET_LOOKS && performance.now() < deadline;) {
    await sleep(LOOK_EVERY_MS);
    const now = cpuSeconds();
    quiet = now - before <= QUIET_CPU_SECONDS ? quiet + 1 : 0;
    if (quiet === 0) restsSinceMs = performance.now();
    before = now;
  }
  return restsSinceMs;
}
