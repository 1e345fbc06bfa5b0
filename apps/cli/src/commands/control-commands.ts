import type { Command } from "commander";
import type { OutputOptions } from "./command-context.ts";
import type { Program } from "./client-commands.ts";
import type { LimitOptions } from "./limit.ts";

/** How the shared options are added. */
export interface SharedOptions {
  readonly withHome: (command: Command) => Command;
  readonly withJson: (command: Command) => Command;
}

/** Adds the commands with which a person says how this device syncs: what is left out, pauses, limits. */
export function addControlCommands(program: Program, { withJson }: SharedOptions): void {
  const { root, context, run } = program;
  withJson(program.add(root, "pause", "Stop transfers until `resume`, or for a while; also after a restart"))
    .option("--for <time>", "go on by itself after this time, such as 30m or 1h30m")
    .action(
      run(async (options: OutputOptions & { for?: string }) => (await import("./pause.ts")).pause(context, options)),
    );
  withJson(program.add(root, "resume", "Go on with transfers")).action(
    run(async (options: OutputOptions) => (await import("./pause.ts")).resume(context, options)),
  );
  addExclude(program, withJson);
  addLimit(program, withJson);
}

function addExclude({ root, context, run, add }: Program, withJson: SharedOptions["withJson"]): void {
  const exclude = add(root, "exclude", "Leave folders or files of the server out of this device");
  withJson(add(exclude, "add <path>", "Leave PATH out: it goes from this folder, and stays on the server")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./exclude.ts")).excludeAdd(context, path, options),
    ),
  );
  withJson(add(exclude, "remove <path>", "Bring PATH back into this folder")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./exclude.ts")).excludeRemove(context, path, options),
    ),
  );
  withJson(add(exclude, "list", "List what is left out")).action(
    run(async (options: OutputOptions) => (await import("./exclude.ts")).excludeList(context, options)),
  );
}

function addLimit({ root, context, run, add }: Program, withJson: SharedOptions["withJson"]): void {
  const limit = withJson(add(root, "limit", "Limit how fast this device sends and receives, always or by the clock"))
    .option("--up <rate>", "bytes sent a second, such as 500k or 2M; off for no limit")
    .option("--down <rate>", "bytes received a second; off for no limit")
    .option("--from <time>", "only from this time of the day, such as 08:00")
    .option("--to <time>", "and up to this one, such as 18:00")
    .option("--days <days>", "only on these days, such as mon-fri or sat,sun")
    .action(run(async (options: LimitOptions) => (await import("./limit.ts")).limitAdd(context, options)));
  withJson(add(limit, "list", "List the limits, and what holds now")).action(
    run(async (options: OutputOptions) => (await import("./limit.ts")).limitList(context, options)),
  );
  withJson(add(limit, "clear", "End all limits")).action(
    run(async (options: OutputOptions) => (await import("./limit.ts")).limitClear(context, options)),
  );
}
