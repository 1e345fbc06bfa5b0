import { fileURLToPath } from "node:url";
import type { Surroundings } from "../../e2e/support/device.ts";

const preload = fileURLToPath(new URL("./shifted-clock.preload.ts", import.meta.url));

/** Runs a process whose clock is wrong by so many days, in all its threads. */
export function clockShiftedBy(days: number): Surroundings {
  const offsetMs = days * 24 * 3600 * 1000;
  return {
    environment: { NODE_OPTIONS: `--import=${preload}`, SATCHEL_TEST_CLOCK_OFFSET_MS: String(offsetMs) },
  };
}
