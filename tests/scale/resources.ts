import { readFileSync, writeFileSync } from "node:fs";
import { cpuSeconds } from "../bench/measure/processes.ts";

/** What a process used since a moment. */
export interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The greatest resident memory of the time, as the system counted it. */
  readonly peakMib: number;
  /** Resident at the end. */
  readonly restMib: number;
}

/** Begins to count what a process uses; the answer tells what it was. */
export function meter(pid: number): () => Used {
  const [startedMs, before] = [performance.now(), cpuSeconds([pid])];
  // "5" sets the peak back to what is resident now: proc(5), clear_refs.
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return () => ({
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: cpuSeconds([pid]) - before,
    peakMib: statusMib(pid, "VmHWM"),
    restMib: statusMib(pid, "VmRSS"),
  });
}

/** One line for people. */
export function describe(what: string, { seconds, cpuSeconds: cpu, peakMib, restMib }: Used): string {
  return `${what}: ${seconds.toFixed(1)} s, ${cpu.toFixed(2)} CPU s, at most ${peakMib.toFixed(0)} MiB, then ${restMib.toFixed(0)} MiB`;
}

function statusMib(pid: number, field: "VmHWM" | "VmRSS"): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (!found) throw new Error(`process ${pid} tells no ${field}`);
  return Number(found[1]) / 1024;
}
