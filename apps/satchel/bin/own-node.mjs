// Plain JavaScript for any Node from 20 on: this is what runs before the project's own Node does.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { availableParallelism, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** From this major version on, Node runs TypeScript source as it is and without a warning. */
const FIRST_MAJOR_THAT_RUNS_TYPESCRIPT = 24;

/** What lives long enough to leave 2 MiB is rarely garbage soon; larger young generations cost each process 40 to 80 MB of memory, for no time gained. */
const YOUNG_GENERATION = "--max-semi-space-size=2";

/** Without it, the buffers that 1 GiB passes through make V8 collect its own small heap two hundred times over; with it, a quarter of the CPU time is saved. */
const EXTERNAL_MEMORY = "--external-memory-accounted-in-global-limit";

/**
 * A device's small heap is collected when it is twice as large, where V8 would wait until four times. One of more than some 100 MB sets a lower rate itself (`heap-growth.ts` of the engine):
 * a first sync of 200,000 files takes some 300 MiB instead of 470 to 580.
 */
const HEAP_GROWTH = "--heap-growing-percent=100";

/**
 * With two processors there is none to spare for V8's helpers: they take it from the thread that they help, and wake and wait for each other. Without them a first sync of 10,000 files takes an eighth less.
 */
const OWN_COLLECTOR = "--single-threaded-gc";
const FEW_PROCESSORS = 2;

/** Two threads' worth of malloc arenas is enough for a program that keeps most of its work on one. */
const MALLOC = { MALLOC_ARENA_MAX: "2" };

/** Freed memory goes back to the system at once: a device that rests after a burst holds a quarter less. */
const TRIM = { MALLOC_TRIM_THRESHOLD_: "262144" };

/** A device calls the C library at rest (`trim-malloc.ts` of the engine), which Node calls experimental, on every person's terminal. */
const NO_WARNING = "--disable-warning=ExperimentalWarning";

/** Commands that run for days, or write down how one is started: they start twice, some 40 ms, so that they run with the settings above. */
const LONG_RUNNING = new Set(["serve", "sync", "up", "start", "autostart"]);

/**
 * Runs a program of TypeScript source. This very process does it if its Node can, since a second process would double
 * the time that a short command takes; else the project's own Node does, and this process ends as that one ended.
 * @param {string} script absolute path
 * @param {string[]} scriptArguments
 * @returns {Promise<void>}
 */
export async function runSource(script, scriptArguments) {
  keepCompiledCode();
  const [major = ""] = process.versions.node.split(".");
  if (Number(major) >= FIRST_MAJOR_THAT_RUNS_TYPESCRIPT) {
    if (scriptArguments.some((word) => LONG_RUNNING.has(word))) becomeTuned(script, scriptArguments);
    process.argv = [process.execPath, script, ...scriptArguments];
    await import(pathToFileURL(script).href);
    return;
  }
  runOnOwnNode(script, scriptArguments);
}

/**
 * Lets Node keep what it makes of the source, for this process, its threads and its children: loading then takes half of the
 * time. In the person's own cache folder, since whoever can write there can already act as that person.
 */
function keepCompiledCode() {
  const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  process.env.NODE_COMPILE_CACHE ??= join(cacheHome, "satchel", "compiled");
  nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}

/**
 * Puts the program, with V8's and malloc's settings, in this process's place: same process id, same files. Where the system can't do that (Windows, older Nodes) this process goes on as it is.
 * @param {string} script
 * @param {string[]} scriptArguments
 */
function becomeTuned(script, scriptArguments) {
  if (process.platform === "win32" || process.execve === undefined) return;
  // A server passes gigabytes through large buffers, which cost less when malloc keeps them.
  const trim = isDevice(scriptArguments) ? TRIM : {};
  const words = [process.execPath, ...process.execArgv, ...settingsFor(scriptArguments), script, ...scriptArguments];
  process.execve(process.execPath, words, { ...MALLOC, ...trim, ...process.env });
}

/** @param {string[]} words @returns {string[]} V8's settings for a command */
function settingsFor(words) {
  const isLong = words.some((word) => LONG_RUNNING.has(word));
  const collector = isLong && availableParallelism() <= FEW_PROCESSORS ? [OWN_COLLECTOR] : [];
  return [
    YOUNG_GENERATION,
    EXTERNAL_MEMORY,
    ...collector,
    ...(isLong ? [NO_WARNING] : []),
    ...(isDevice(words) ? [HEAP_GROWTH] : []),
  ];
}

/** Whether a command keeps a folder in step, and is no server. @param {string[]} words @returns {boolean} */
function isDevice(words) {
  return words.some((word) => LONG_RUNNING.has(word)) && !words.includes("serve") && !words.includes("up");
}

/**
 * Runs a program on the project's own Node, and ends this process as that one ended: same exit code, same signal.
 * Signals to this process reach the program.
 * @param {string} script absolute path
 * @param {string[]} scriptArguments
 */
export function runOnOwnNode(script, scriptArguments) {
  const node = findOwnNode();
  if (node === undefined) {
    process.stderr.write(
      "Satchel's own Node is not installed yet. Install Node 24 or newer, or run `npm ci` in the checkout, then try again.\n",
    );
    process.exitCode = 1;
    return;
  }
  const env = { ...MALLOC, ...process.env };
  const child = spawn(node, [...settingsFor(scriptArguments), script, ...scriptArguments], { stdio: "inherit", env });
  endAlike(child);
}

/**
 * The Node that the lockfile brought, searched from this file upwards; undefined before the first install.
 * @returns {string | undefined}
 */
function findOwnNode() {
  const program = process.platform === "win32" ? "node.exe" : "node";
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, "node_modules", "node", "bin", program);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** @param {import("node:child_process").ChildProcess} child */
function endAlike(child) {
  // Ctrl-C on a terminal reaches the whole group, the child too: passing it on would make it two.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on("SIGINT", () => {
    if (!onTerminal) child.kill("SIGINT");
  });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));

  child.on("error", (error) => {
    process.stderr.write(`Satchel's own Node could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
