import type { ServerConfig } from "../config/config.ts";
import type { StoredTask, TaskCounts } from "../storage/metadata/task-store.ts";
import { systemHost } from "../system-host.ts";
import { withMetadata } from "./with-metadata.ts";

/** What waits to be done, and what was given up. */
export interface TaskSummary {
  readonly counts: readonly TaskCounts[];
  /** Given up first; at most {@link maxListed}. */
  readonly tasks: readonly StoredTask[];
}

const maxListed = 1000;

/** Beside a running server or without one; so for the other. */
export function listTasks(config: ServerConfig): Promise<TaskSummary> {
  return withMetadata(config, async ({ tasks }) => ({
    counts: await tasks.counts(),
    tasks: await tasks.list(maxListed),
  }));
}

/** Has what was given up done after all, of one kind or of all; answers how many. A running server finds them within a minute. */
export function retryTasks(config: ServerConfig, kind: string | undefined): Promise<number> {
  return withMetadata(config, ({ tasks }) => tasks.retry({ kind, nowMs: systemHost.nowMs() }));
}
