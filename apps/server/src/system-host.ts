import { randomBytes } from "node:crypto";
import type { Host } from "./host.ts";

/** The real clock, randomness and timers. */
export const systemHost: Host = {
  nowMs: Date.now,
  randomBytes,
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
