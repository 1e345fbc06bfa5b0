import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child, type ChildExit } from "./child.ts";
import {
  runSatchel,
  satchel,
  satchelCommand,
  satchelEnvironment,
  type CommandOptions,
  type CommandResult,
} from "./satchel-command.ts";
import type { Account } from "./server.ts";

/** One device of an account: a home, a folder, and the process that keeps the folder in step. */
export interface Device extends AsyncDisposable {
  readonly name: string;
  readonly home: string;
  /** The synced folder. */
  readonly folder: string;
  /** A path in the synced folder. */
  path(...names: string[]): string;
  pid(): number;
  /** What its sync wrote since its last start. */
  log(): string;
  /** Runs a command of this device, whatever its exit code. */
  run(words: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Runs a command of this device that must succeed, and returns its stdout. */
  satchel(words: readonly string[], options?: CommandOptions): Promise<string>;
  /** Starts `satchel sync`, with these options after the folder, and waits until it is there to be asked. */
  start(...words: string[]): Promise<void>;
  /** Ends it with SIGTERM. */
  stop(): Promise<ChildExit>;
  /** Ends it with SIGKILL. */
  kill(): Promise<ChildExit>;
  /** Sends its process a signal. */
  signal(name: NodeJS.Signals): void;
  /** `satchel wait`, for that long or 120 s. @throws when it does not return 0 */
  wait(timeoutSeconds: number): Promise<void>;
}

/** What a device is made of. */
export interface DeviceOptions {
  /** Where its home, folder and log are made. */
  readonly directory: string;
  readonly name: string;
  /** Of the server, or of a proxy before it. */
  readonly url: string;
  readonly account: Account;
  /** The folder to sync; one in `directory` if left out. */
  readonly folder?: string;
  /** How the process runs that keeps the folder in step. */
  readonly surroundings?: Surroundings;
}

/** What is around a process. */
export interface Surroundings {
  /** Words before the command, of a program that runs it. */
  readonly prefix?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A machine that runs many tests may be ten times slower than one that has nothing else to do. */
const START_TIMEOUT_MS = 180_000;
const LEAST_WAIT_SECONDS = 120;

/** Signs a new device in. Its sync is not started yet. */
export async function signIn(options: DeviceOptions): Promise<Device> {
  const { directory, name, url, account } = options;
  const home = join(directory, `home-${name}`);
  const folder = options.folder ?? join(directory, name);
  await mkdir(folder, { recursive: true });
  const words = ["login", url, "--user", account.name, "--password-stdin", "--device", name];
  await satchel(words, { home, input: `${account.password}\n` });
  return makeDevice({
    name,
    home,
    folder,
    logPath: join(directory, `${name}.log`),
    around: options.surroundings ?? {},
  });
}

function makeDevice(parts: {
  name: string;
  home: string;
  folder: string;
  logPath: string;
  around: Surroundings;
}): Device {
  const { name, home, folder, logPath, around } = parts;
  let child: Child | undefined;
  const sync = (): Child => {
    if (child === undefined) throw new Error(`the sync of device ${name} was not started`);
    return child;
  };
  return {
    name,
    home,
    folder,
    path: (...names) => join(folder, ...names),
    pid: () => sync().pid,
    log: () => sync().output(),
    run: async (words, options) => await runSatchel(words, { ...options, home }),
    satchel: async (words, options) => await satchel(words, { ...options, home }),
    start: async (...words) => {
      child = await startChild({
        command: [...(around.prefix ?? []), ...satchelCommand("sync", folder, ...words)],
        logPath,
        environment: { ...satchelEnvironment(home), ...around.environment },
      });
      await child.waitForOutput(/is kept the same/, START_TIMEOUT_MS);
    },
    stop: async () => await sync().stop(),
    kill: async () => {
      sync().signal("SIGKILL");
      return await sync().exited;
    },
    signal: (signalName) => sync().signal(signalName),
    wait: async (timeoutSeconds) => {
      const seconds = Math.max(timeoutSeconds, LEAST_WAIT_SECONDS);
      await satchel(["wait", "--timeout", `${seconds}`], { home, timeoutMs: (seconds + 60) * 1000 });
    },
    [Symbol.asyncDispose]: async () => void (await child?.stop()),
  };
}
