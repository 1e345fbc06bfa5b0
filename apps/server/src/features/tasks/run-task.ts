import type { Host } from "../../host.ts";
import type { TakenTask, TaskProgress, TaskStore } from "../../storage/metadata/task-store.ts";
import { TaskRefusedError, type TaskKind } from "./task-kind.ts";
import { taskLeaseMs } from "./task-lease.ts";

const maxErrorLength = 300;

export interface TaskRunParts {
  readonly store: TaskStore;
  readonly host: Host;
  readonly kind: TaskKind;
  readonly onFailure: (error: unknown) => void;
  /** The process is to stop. */
  readonly stopping: AbortSignal;
}

/** Does one task that was taken, keeps its lease meanwhile, and writes down what became of it. Never rejects: what can't be written down is repeated once the lease has run out. */
export async function runTask(parts: TaskRunParts, task: TakenTask): Promise<void> {
  const { stopping, onFailure } = parts;
  const lost = new AbortController();
  const lease = keepLease(parts, task, lost);
  try {
    const failure = await failureOf(parts, task, {
      signal: AbortSignal.any([stopping, lost.signal]),
      progress: lease.setProgress,
    });
    await lease.stop();
    if (lost.signal.aborted) return;
    await settle(parts, task, failure);
  } catch (error) {
    await lease.stop();
    onFailure(error);
  }
}

/** Undefined: it was done. */
async function failureOf(
  { kind }: TaskRunParts,
  task: TakenTask,
  context: Parameters<TaskKind["run"]>[1],
): Promise<Error | undefined> {
  // Each try before this one ended with the process.
  if (task.attempts > kind.pausesMs.length + 1)
    return new TaskRefusedError("the process ended each time while this was under way");
  try {
    await kind.run(task, context);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function settle(
  { store, host, kind, stopping, onFailure }: TaskRunParts,
  task: TakenTask,
  failure: Error | undefined,
): Promise<void> {
  const nowMs = host.nowMs();
  if (!failure) return store.finish(task, nowMs);
  if (stopping.aborted) return store.release(task, nowMs);
  const pauseMs = failure instanceof TaskRefusedError ? undefined : kind.pausesMs[task.attempts - 1];
  const error = failure.message.slice(0, maxErrorLength);
  await store.putOff(task, { dueAtMs: pauseMs === undefined ? null : nowMs + pauseMs, error, nowMs });
  if (pauseMs === undefined)
    onFailure(new Error(`a task was given up: ${kind.name} ${task.workspaceId} ${task.key}`, { cause: failure }));
}

/** Prolongs the lease thrice in its time, with what is known of how far the task is. */
function keepLease({ store, host, onFailure }: TaskRunParts, task: TakenTask, lost: AbortController) {
  let progress: TaskProgress | null = null;
  let prolonging: Promise<void> = Promise.resolve();
  let isStopped = false;
  let cancel = host.after(taskLeaseMs / 3, prolong);

  function prolong(): void {
    prolonging = store
      .prolong(task, { untilMs: host.nowMs() + taskLeaseMs, progress })
      .then((isOwn) => {
        if (!isOwn) lost.abort();
      }, onFailure)
      .then(() => {
        if (!isStopped && !lost.signal.aborted) cancel = host.after(taskLeaseMs / 3, prolong);
      });
  }

  return {
    setProgress(said: TaskProgress): void {
      progress = said;
    },
    async stop(): Promise<void> {
      isStopped = true;
      cancel();
      await prolonging;
      cancel();
    },
  };
}
