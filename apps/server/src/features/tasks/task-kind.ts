import type { EntryState } from "@satchel/protocol";
import type { TakenTask, TaskProgress } from "../../storage/metadata/task-store.ts";

/** What one kind of task is, and how it is done. */
export interface TaskKind {
  /** Part of a task's name, for ever. */
  readonly name: string;
  /** What it does, as a line of a list says it. */
  readonly title: string;
  /** How many are done at a time by one process. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  /** After how long a task that failed is tried again, each time; when they are used up it is given up. */
  readonly pausesMs: readonly number[];
  /** The task's key, where an entry that was made or changed asks for one. Left out: nothing in the feeds does. */
  readonly keyOf?: (entry: EntryState) => string | undefined;
  /** Beside its place in each feed the kind has another one of this name, by which everything is listed again where it is set to the feed's beginning. What it lists waits behind what just came, and takes half of the room. */
  readonly roundFeed?: string;
  /** Does one. Anything that it throws is tried again, but {@link TaskRefusedError}. May be killed anywhere, and done again although it was done; ends soon once the signal is aborted. */
  run(task: TakenTask, context: TaskContext): Promise<void>;
}

export interface TaskContext {
  /** The process stops, or the task isn't this runner's any more. */
  readonly signal: AbortSignal;
  /** Shown to whoever looks; written down now and then. */
  progress(progress: TaskProgress): void;
}

/** No try can help: the task is given up at once. */
export class TaskRefusedError extends Error {
  override readonly name = "TaskRefusedError";
}
