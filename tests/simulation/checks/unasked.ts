import type { Stage } from "../world/mishaps.ts";
import type { Operation } from "../work/operations.ts";
import { BrokenPromiseError } from "./broken-promise.ts";
import { checkConvergence, isUndisturbed } from "./promises.ts";
import { treeOfServer } from "./trees.ts";

/** Everybody is in step well before that. */
const maxRestMs = 10 * 60_000;
/** So long a device says that it is in step, without a word of anything else. */
const quietMs = 20_000;
const lookEveryMs = 1000;

/** Nothing goes wrong in the world: no watcher misses anything, nothing fails, nobody is cut off. */
export function isUntroubled({ life }: Pick<Stage, "life">, operations: readonly Operation[]): boolean {
  const { habits, diskFailures, hasPowerCuts } = life;
  return (
    isUndisturbed({ life, operations }) &&
    !hasPowerCuts &&
    diskFailures.every((often) => often === 0) &&
    habits.every(({ lost, overflowed, isBlind }) => lost === 0 && overflowed === 0 && !isBlind)
  );
}

/**
 * Comes into step by what watchers and pushes tell, without anybody asking: to ask has an engine look at everything, which finds what it had overlooked.
 * What waits for a person ends the look. [SI15] @throws BrokenPromiseError where engines say that they are in step, and the folders are not
 */
export async function checkInStepUnasked(stage: Stage): Promise<void> {
  const { devices, scheduler, server, history } = stage;
  for (let [waitedMs, quietForMs] = [0, 0]; quietForMs < quietMs; waitedMs += lookEveryMs) {
    await scheduler.sleep(lookEveryMs);
    const told = devices.map(({ engine }) => engine.status());
    if (told.some(({ issues }) => issues.length > 0)) return;
    quietForMs = told.every(({ state }) => state === "synced") ? quietForMs + lookEveryMs : 0;
    if (waitedMs >= maxRestMs) throw new BrokenPromiseError(`they never rest, unasked: ${JSON.stringify(told)}`);
  }
  const [first] = devices;
  if (first) checkConvergence(stage, await treeOfServer(server, first.workspaceId, history));
}
