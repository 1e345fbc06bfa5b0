import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks in a second, for the times in /proc. */
const TICKS_PER_SECOND = 100;

/** What one thread of a process used. Of a thread that ended in between nothing is known. */
export interface ThreadUse {
  /** Place of its process among those that were asked for. */
  readonly process: number;
  /** As the system knows it; `main` for the first of a process. */
  readonly name: string;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** Pages that were touched for the first time: on a virtual machine each may cost as much as hashing it. */
  readonly pageFaults: number;
}

/** What the living threads of these processes have used since they began, by thread id. */
export function threadTimes(pids: readonly number[]): Map<number, ThreadUse> {
  const times = new Map<number, ThreadUse>();
  for (const [process, pid] of pids.entries()) {
    for (const thread of threadIds(pid)) {
      const use = findUse({ process, pid, thread });
      if (use) times.set(thread, use);
    }
  }
  return times;
}

/** What was used between two looks, without threads that did next to nothing. */
export function threadUse(before: ReadonlyMap<number, ThreadUse>, after: ReadonlyMap<number, ThreadUse>): ThreadUse[] {
  const used = [...after].map(([thread, use]) => ({
    ...use,
    userSeconds: use.userSeconds - (before.get(thread)?.userSeconds ?? 0),
    systemSeconds: use.systemSeconds - (before.get(thread)?.systemSeconds ?? 0),
    pageFaults: use.pageFaults - (before.get(thread)?.pageFaults ?? 0),
  }));
  return used.filter(({ userSeconds, systemSeconds }) => userSeconds + systemSeconds >= 0.02);
}

/** One line for each process. */
export function describeThreads(threads: readonly ThreadUse[]): string[] {
  const byProcess = Map.groupBy(threads, ({ process }) => process);
  return [...byProcess].map(([process, own]) => {
    const all = own.reduce((sum, { userSeconds, systemSeconds }) => sum + userSeconds + systemSeconds, 0);
    const each = own.map(
      ({ name, userSeconds, systemSeconds, pageFaults }) =>
        `${name} ${userSeconds.toFixed(2)} + ${systemSeconds.toFixed(2)} (${Math.round(pageFaults / 1000)}k faults)`,
    );
    return `  process ${process + 1}: ${all.toFixed(2)} CPU s: ${each.join(", ")}`;
  });
}

function threadIds(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Undefined when the thread has ended. */
function findUse({ process, pid, thread }: { process: number; pid: number; thread: number }): ThreadUse | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    // Fields 10, 14 and 15 of proc(5); what follows the name begins with the third.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      process,
      name: thread === pid ? "main" : name,
      userSeconds: Number(fields[11]) / TICKS_PER_SECOND,
      systemSeconds: Number(fields[12]) / TICKS_PER_SECOND,
      pageFaults: Number(fields[7]),
    };
  } catch {
    return undefined;
  }
}
