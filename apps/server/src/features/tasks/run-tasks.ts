import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { TaskStore } from "../../storage/metadata/task-store.ts";
import { runTask, type TaskRunParts } from "./run-task.ts";
import type { TaskKind } from "./task-kind.ts";
import { taskLeaseMs } from "./task-lease.ts";

/** A clock that is behind must not make this spin. */
const shortestPauseMs = 100;

export interface TaskRunner {
  /** There may be something to do of this kind. */
  wake(kind: string): void;
  /** Ends what is under way, and gives it back. */
  stop(): Promise<void>;
}

interface RunnerParts {
  readonly store: TaskStore;
  readonly kinds: readonly TaskKind[];
  readonly host: Host;
  /** How often it is looked for what other processes added, in milliseconds. */
  readonly lookEveryMs: number;
  /** Told of what went wrong beside tasks, of each task that was given up, and of nothing else. */
  readonly onFailure: (error: unknown) => void;
}

/** Does tasks of these kinds, each kind with runners of its own, until it is stopped. */
export function startTaskRunner(parts: RunnerParts): TaskRunner {
  const stopping = new AbortController();
  const lines = new Map(parts.kinds.map((kind) => [kind.name, startLine(parts, kind, stopping.signal)]));
  return {
    wake: (kind) => lines.get(kind)?.wake(),
    async stop() {
      stopping.abort();
      await Promise.all([...lines.values()].map((line) => line.ended()));
    },
  };
}

/** Does the tasks of one kind, as many at a time as may be. */
function startLine(parts: RunnerParts, kind: TaskKind, stopping: AbortSignal) {
  const { store, host, lookEveryMs, onFailure } = parts;
  const run = encodeIdPart(host.randomBytes(idPartBytes));
  const runParts: TaskRunParts = { store, host, kind, onFailure, stopping };
  const underWay = new Set<Promise<void>>();
  let taken = 0;
  let isWanted = false;
  let looking: Promise<void> | undefined;
  let cancelLook = (): void => {};

  function wake(): void {
    if (stopping.aborted) return;
    isWanted = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (isWanted && underWay.size < kind.concurrency) wake();
    });
  }

  /** Takes what is due while there is a free hand; without one, whichever becomes free looks again. */
  async function look(): Promise<void> {
    cancelLook();
    let pauseMs = lookEveryMs;
    try {
      while (isWanted && !stopping.aborted && underWay.size < kind.concurrency) {
        taken += 1;
        isWanted = false;
        const task = await store.take({
          kind: kind.name,
          run: `${run}-${taken}`,
          nowMs: host.nowMs(),
          leaseMs: taskLeaseMs,
        });
        if (!task) continue;
        isWanted = true;
        begin(runTask(runParts, task));
      }
      const dueMs = isWanted ? undefined : await store.nextDueMs([kind.name]);
      if (dueMs !== undefined) pauseMs = Math.min(lookEveryMs, Math.max(shortestPauseMs, dueMs - host.nowMs()));
    } catch (error) {
      isWanted = false;
      onFailure(error);
    }
    if (!stopping.aborted) cancelLook = host.after(pauseMs, wake);
  }

  function begin(work: Promise<void>): void {
    const watched: Promise<void> = work.finally(() => {
      underWay.delete(watched);
      wake();
    });
    underWay.add(watched);
  }

  wake();
  return {
    wake,
    async ended(): Promise<void> {
      cancelLook();
      await looking;
      cancelLook();
      await Promise.all(underWay);
    },
  };
}
