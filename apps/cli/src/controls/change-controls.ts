import { setTimeout as sleep } from "node:timers/promises";
import { connectControl, type ControlClient } from "../daemon/control-client.ts";
import { controlPath } from "../daemon/control-path.ts";
import { makeHome, type Home } from "../home/home.ts";
import { tryLock, type ProcessLock } from "../home/process-lock.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { readControls, writeControls, type Controls } from "./controls-file.ts";

/** Another command holds the file for the time of one write. */
const lockTries = 100;
const lockEveryMs = 50;

/** Changes what is decided, and lets a running sync know. `change` may refuse by throwing. Returns what is decided now. */
export async function changeControls(
  place: { readonly home: Home; readonly env: NodeJS.ProcessEnv },
  change: (controls: Controls) => Controls,
): Promise<Controls> {
  const { home } = place;
  await makeHome(home);
  const lock = await takeLock(home);
  try {
    const controls = change(await readControls(home));
    await writeControls(home, controls);
    await withControl(place, async (control) => control?.call("reload", {}));
    return controls;
  } finally {
    lock.release();
  }
}

/** Works with the running sync of a home, or with undefined where none runs. */
export async function withControl<T>(
  { home, env }: { readonly home: Home; readonly env: NodeJS.ProcessEnv },
  work: (control: ControlClient | undefined) => Promise<T>,
): Promise<T> {
  const control = await connectControl(await controlPath(home, env));
  try {
    return await work(control);
  } finally {
    control?.close();
  }
}

async function takeLock(home: Home): Promise<ProcessLock> {
  for (let tries = 0; tries < lockTries; tries += 1) {
    const lock = tryLock(`${home.controlsFile}.lock`);
    if (lock) return lock;
    await sleep(lockEveryMs);
  }
  throw new CommandError(exitCode.failed, "Another command is changing the same settings: try again.");
}
