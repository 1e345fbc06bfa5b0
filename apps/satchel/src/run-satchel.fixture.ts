import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface RunOptions {
  readonly home: string;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs the command to its end. */
export async function satchel(args: readonly string[], options: RunOptions): Promise<Finished> {
  const child = start(args, options);
  const [out, err] = [collect(child, "stdout"), collect(child, "stderr")];
  child.stdin?.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: out(), err: err() };
}

export interface RunningSatchel extends AsyncDisposable {
  /** Lines of stdout so far. */
  readonly lines: readonly string[];
  /** The first line that matches; rejects when the process ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its end, when it comes by itself. */
  readonly ended: Promise<Finished>;
  /** Ends it as Ctrl-C does. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Runs a command that stays. */
export function runningSatchel(args: readonly string[], options: RunOptions): RunningSatchel {
  const child = start(args, options);
  child.stdin?.end();
  const err = collect(child, "stderr");
  const lines: string[] = [];
  const looking = new Set<() => void>();
  const look = (): void => looking.forEach((again) => again());
  if (child.stdout) createInterface(child.stdout).on("line", (line) => (lines.push(line), look()));
  let code: number | null | undefined;
  const closed = once(child, "close").then(([exitCode]: (number | null)[]) => {
    code = exitCode ?? null;
    look();
  });
  const ended = closed.then((): Finished => ({ code: code ?? null, out: lines.join("\n"), err: err() }));
  const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<Finished> => {
    if (code === undefined) child.kill(signal);
    return ended;
  };
  return {
    lines,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const again = (): void => {
          const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null);
          if (match) resolve(match);
          else if (code !== undefined)
            reject(new Error(`ended with ${String(code)} before it said ${String(pattern)}:\n${err()}`));
          else return void looking.add(again);
          looking.delete(again);
        };
        again();
      }),
    ended,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")),
  };
}

function start(args: readonly string[], { home, cwd }: RunOptions): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    env: { ...process.env, SATCHEL_HOME: home, NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
}

function collect(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  let text = "";
  child[stream]?.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  return () => text;
}
