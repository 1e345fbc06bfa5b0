import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "./eventually.ts";

/** How a process ended: one of the two is set. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs beside the test, in a process group of its own; it never outlives this process. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** What it wrote to stdout and stderr so far. */
  output(): string;
  /** The first match in its output. @throws when it ends or `timeoutMs` passes without one, with the output */
  waitForOutput(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** Sends a signal to the whole group. One that has ended is no error. */
  signal(name: NodeJS.Signals): void;
  /** Asks it to end with SIGTERM, and kills it after `graceMs` (60,000 if left out). */
  stop(graceMs?: number): Promise<ChildExit>;
}

/** Where and with what a program is started. */
export interface ChildOptions {
  readonly command: readonly string[];
  /** Receives stdout and stderr, after what it holds already. */
  readonly logPath: string;
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const DEFAULT_GRACE_MS = 60_000;
/** Groups that may still live, with the end of their leader. */
const running = new Map<number, Promise<ChildExit>>();
let killsAtExit = false;

/** Starts a program that keeps running. @throws when it can't be started */
export async function startChild(options: ChildOptions): Promise<Child> {
  killGroupsAtExit();
  const [program = "", ...words] = options.command;
  const log = openSync(options.logPath, "a");
  const startBytes = fstatSync(log).size;
  const child = spawn(program, words, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    // Files, not pipes: a program that logs a lot must not wait for a busy test.
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  await once(child, "spawn");
  return watchChild(child, () => readFileSync(options.logPath).subarray(startBytes).toString());
}

function watchChild(child: ChildProcess, output: () => string): Child {
  const pid = child.pid as number;
  let ended = false;
  const exited = once(child, "exit").then(([code, signal]): ChildExit => {
    ended = true;
    signalGroup(pid, "SIGKILL");
    running.delete(pid);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  running.set(pid, exited);
  const stop = async (graceMs = DEFAULT_GRACE_MS): Promise<ChildExit> => {
    if (!ended) signalGroup(pid, "SIGTERM");
    const timer = new AbortController();
    await Promise.race([exited, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    if (!ended) signalGroup(pid, "SIGKILL");
    return await exited;
  };
  return {
    pid,
    exited,
    output,
    signal: (name) => {
      if (!ended) signalGroup(pid, name);
    },
    stop,
    waitForOutput: async (pattern, timeoutMs) => {
      const look = (): RegExpExecArray | "ended" | undefined => pattern.exec(output()) ?? (ended ? "ended" : undefined);
      const found = await eventually(look, { timeoutMs, what: `output like ${String(pattern)}` }).catch(
        () => "ended" as const,
      );
      if (found === "ended")
        throw new Error(`The program did not print ${String(pattern)}. Its output:\n${tail(output())}`);
      return found;
    },
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Kills every program that was started here and still runs, and waits until they are gone. */
async function killChildren(): Promise<void> {
  for (const pid of running.keys()) signalGroup(pid, "SIGKILL");
  await Promise.all(running.values());
}

/** Signals every process of the group. A group that is gone is no error. */
function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // Gone already, which is what a signal is mostly sent for.
  }
}

function killGroupsAtExit(): void {
  if (killsAtExit) return;
  killsAtExit = true;
  // Before those that remove directories: the programs may still write there.
  process.prependOnceListener("exit", () => {
    for (const pid of running.keys()) signalGroup(pid, "SIGKILL");
  });
  // Without a handler these end the process at once, with no "exit" event, and the groups would live on. Directories
  // are removed at the exit, when nothing writes there any more.
  for (const [name, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(name, () => void killChildren().finally(() => process.exit(code)));
  }
}

const TAIL_CHARACTERS = 4000;

function tail(text: string): string {
  return text.length <= TAIL_CHARACTERS ? text : `…${text.slice(-TAIL_CHARACTERS)}`;
}
