import { formatTable, printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import type { TaskSummary } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

type Task = TaskSummary["tasks"][number];

/** `satchel admin jobs list` */
export function listJobs(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    const { counts, tasks } = await server.listTasks(storeConfig(context, options));
    const { terminal } = context;
    if (options.json)
      return terminal.print(JSON.stringify({ counts: counts.map(plainCounts), jobs: tasks.map(plain) }));
    if (tasks.length === 0)
      return terminal.note("Nothing waits to be done, and nothing was given up in the last 30 days.");
    for (const { kind, waiting, running, givenUp } of counts)
      terminal.print(`${printable(kind)}: ${waiting} waiting, ${running} running, ${givenUp} given up`);
    for (const line of formatTable(columns, tasks)) terminal.print(line);
  });
}

/** `satchel admin jobs retry [kind]` */
export function retryJobs(context: CommandContext, kind: string | undefined, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    const count = await server.retryTasks(storeConfig(context, options), kind);
    context.terminal.note(
      count === 0
        ? "Nothing of that was given up."
        : `${count} will be tried again; a running server begins within a minute.`,
    );
  });
}

function plainCounts({ kind, waiting, running, givenUp }: TaskSummary["counts"][number]): object {
  return { kind, waiting, running, given_up: givenUp };
}

function plain(task: Task): object {
  const { kind, workspaceId, key, attempts, addedAtMs, dueAtMs, error, progress } = task;
  const next = dueAtMs === null ? null : instant(dueAtMs);
  const added = instant(addedAtMs);
  return {
    kind,
    workspace_id: workspaceId,
    key,
    state: stateOf(task),
    added,
    next_try: next,
    attempts,
    error,
    progress,
  };
}

const instant = (atMs: number): string => new Date(atMs).toISOString();

function stateOf({ dueAtMs, isTaken }: Task): string {
  if (dueAtMs === null) return "given up";
  return isTaken ? "running" : "waiting";
}

const columns = [
  { title: "ADDED", value: ({ addedAtMs }: Task) => instant(addedAtMs) },
  { title: "KIND", value: ({ kind }: Task) => printable(kind) },
  { title: "STATE", value: stateOf },
  { title: "TRIES", align: "right", value: ({ attempts }: Task) => String(attempts) },
  { title: "OF", value: ({ key }: Task) => printable(key) },
  {
    title: "",
    value: ({ error, progress }: Task) => printable(error ?? (progress ? `${progress.done}/${progress.total}` : "")),
  },
] as const;
