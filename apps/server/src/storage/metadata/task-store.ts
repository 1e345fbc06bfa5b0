import type { WorkspaceId } from "@satchel/protocol";
import type { FeedPosition } from "./tree-store.ts";

/** What somebody waits for, what just came, and what may take its time; a lower one is done before a higher one of the same kind. */
export const taskPriority = { asked: 0, new: 1, later: 2 } as const;
export type TaskPriority = (typeof taskPriority)[keyof typeof taskPriority];

/** Which task: there is one at most. What there is to do is looked up when it is done, so that a task never says anything that is out of date. */
export interface TaskId {
  readonly workspaceId: WorkspaceId;
  /** Of which kind; whoever runs this kind knows what `key` means. */
  readonly kind: string;
  /** Of what in the workspace, such as a file's id. */
  readonly key: string;
}

export interface NewTask extends TaskId {
  readonly priority: TaskPriority;
}

export interface StoredTask extends NewTask {
  /** How often it was taken since it was last wanted anew. */
  readonly attempts: number;
  readonly addedAtMs: number;
  /** When it may be taken next; null once it was given up. */
  readonly dueAtMs: number | null;
  /** Whether somebody took it, and hasn't said what became of it. */
  readonly isTaken: boolean;
  /** Why it failed last; null before it did. */
  readonly error: string | null;
  /** How far whoever does it says to be. */
  readonly progress: TaskProgress | null;
}

export interface TaskProgress {
  readonly done: number;
  readonly total: number;
}

/** A task in the hands of one runner. */
export interface TakenTask extends TaskId {
  readonly attempts: number;
  /** By whom it was taken: what others do with it meanwhile keeps this one from doing anything more. */
  readonly run: string;
  /** It was wanted anew, if this differs in the end. */
  readonly revision: number;
}

export interface TaskCounts {
  readonly kind: string;
  readonly waiting: number;
  readonly running: number;
  readonly givenUp: number;
}

/** Work that outlives the process that found it. Any number of processes may add to it and work on it. */
export interface TaskStore {
  /** All due at once, or none of them, where `maxWaiting` of one of the kinds wait already. A task that is there is wanted anew: one that waits or was given up is due, one that is being done is done again. */
  add(tasks: readonly NewTask[], bounds: { readonly nowMs: number; readonly maxWaiting: number }): Promise<boolean>;
  /** The one of the highest priority that has been due longest. Nobody gets it again before `leaseMs` are over. */
  take(request: {
    readonly kind: string;
    readonly run: string;
    readonly nowMs: number;
    readonly leaseMs: number;
  }): Promise<TakenTask | undefined>;
  /** Keeps a taken task for longer. False when it is somebody else's by now, or gone. */
  prolong(
    task: TakenTask,
    change: { readonly untilMs: number; readonly progress: TaskProgress | null },
  ): Promise<boolean>;
  /** It was done: nothing of it stays, unless it was wanted anew meanwhile. Nothing happens when it is somebody else's by now; so for the two below. */
  finish(task: TakenTask, nowMs: number): Promise<void>;
  /** It failed, and is due again then; at null, never, unless it was wanted anew meanwhile. */
  putOff(
    task: TakenTask,
    change: { readonly dueAtMs: number | null; readonly error: string; readonly nowMs: number },
  ): Promise<void>;
  /** It was not done, by nobody's fault: it is due, and the attempt doesn't count. */
  release(task: TakenTask, nowMs: number): Promise<void>;
  /** When the next one of these kinds is due; undefined when none waits. */
  nextDueMs(kinds: readonly string[]): Promise<number | undefined>;
  /** Given up, then the others, each the newest first. */
  list(limit: number): Promise<StoredTask[]>;
  /** By kind, those that there are any of. */
  counts(): Promise<TaskCounts[]>;
  /** Those that were given up are due again, as if they had never been tried; answers how many. Of one kind, or of all. */
  retry(request: { readonly kind: string | undefined; readonly nowMs: number }): Promise<number>;
  /** Up to where the workspace's feed was looked through; undefined where none of it was. A kind's own feed has its name. */
  findPosition(place: { readonly workspaceId: WorkspaceId; readonly feed: string }): Promise<FeedPosition | undefined>;
  /** Adds what was found in a page of the feed, and notes how far it went, both or neither. `moved`: somebody else was faster; `full`: too many wait; `gone`: there is no such workspace. */
  feed(page: FedPage, bounds: { readonly nowMs: number; readonly maxWaiting: number }): Promise<FeedOutcome>;
}

export interface FedPage {
  readonly workspaceId: WorkspaceId;
  readonly kind: string;
  /** Which place in the workspace's feed this moves. */
  readonly feed: string;
  readonly before: FeedPosition | undefined;
  readonly after: FeedPosition;
  readonly keys: readonly string[];
  readonly priority: TaskPriority;
}

export type FeedOutcome = "fed" | "moved" | "full" | "gone";

/** What was given up is remembered for this long. */
export const keepGivenUpTasksMs = 30 * 24 * 3600 * 1000;
