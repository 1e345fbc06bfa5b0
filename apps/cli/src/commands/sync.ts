import { resolve } from "node:path";
import { openRotatingLog, maxLogBytes } from "../daemon/rotating-log.ts";
import { openEngineForSync } from "../daemon/engine-adapter.ts";
import { startInBackground } from "../daemon/start-in-background.ts";
import { runSyncSession } from "../daemon/sync-session.ts";
import type { SessionEnd } from "../daemon/sync-session.ts";
import { defaultFolder } from "../home/home.ts";
import type { Home } from "../home/home.ts";
import { exitCode } from "../output/exit-code.ts";
import type { ExitCode } from "../output/exit-code.ts";
import { explainError } from "../output/explain-error.ts";
import { plural } from "../output/format.ts";
import { humanPresenter, issueLine, jsonPresenter } from "../output/sync-presenter.ts";
import type { SyncPresenter } from "../output/sync-presenter.ts";
import { homeOf } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";
import { signInByCode } from "./sign-in.ts";

export interface SyncOptions extends OutputOptions {
  readonly once?: boolean;
  /** Set by `start`: nobody looks, and the log is in the home. */
  readonly background?: boolean;
}

/** `satchel sync DIR` */
export async function sync(context: CommandContext, directory: string, options: SyncOptions): Promise<ExitCode> {
  const { terminal } = context;
  const home = homeOf(context, options);
  const folder = resolve(context.cwd, directory);
  if (options.background) return syncInBackground(context, home, folder);
  const presenter = options.json ? jsonPresenter(terminal) : humanPresenter((line) => terminal.note(line), terminal);
  return runSync(context, { home, folder, once: options.once ?? false, presenter });
}

/** Runs a session and tells how it ended. With `once`, what could not be synchronised is listed, and told by the exit code. */
export async function runSync(
  context: Pick<CommandContext, "terminal" | "env" | "signal">,
  sync: { home: Home; folder: string; once: boolean; presenter: SyncPresenter; log?: (line: string) => void },
): Promise<ExitCode> {
  let end: SessionEnd;
  try {
    end = await runSyncSession({
      home: sync.home,
      folder: sync.folder,
      once: sync.once,
      signal: context.signal,
      env: context.env,
      openEngine: openEngineForSync,
      onReady: (current) => sync.presenter.onReady(current),
      onEvent: (event) => sync.presenter.onEvent(event),
      log: sync.log ?? (() => undefined),
    });
  } finally {
    sync.presenter.close();
  }
  if (end.outcome !== "issues") return exitCode.done;
  const { issues } = end.report;
  context.terminal.note(`${plural(issues.length, "item")} could not be synchronised:`);
  for (const issue of issues) context.terminal.note(`  ${issueLine(issue)}`);
  return exitCode.incomplete;
}

async function syncInBackground(context: CommandContext, home: Home, folder: string): Promise<ExitCode> {
  const log = openRotatingLog(home.logs, { maxBytes: maxLogBytes, now: () => new Date() });
  const silent = { canRedraw: false, columns: 80, redraw: () => undefined };
  try {
    return await runSync(context, {
      home,
      folder,
      once: false,
      presenter: humanPresenter((line) => log.write(line), silent),
      log: (line) => log.write(line),
    });
  } catch (error) {
    log.write(explainError(error).sentence);
    throw error;
  } finally {
    log.close();
  }
}

/** `satchel start DIR` */
export async function start(context: CommandContext, directory: string, options: OutputOptions): Promise<void> {
  const home = homeOf(context, options);
  const folder = resolve(context.cwd, directory);
  const pid = await startInBackground({ home, folder, env: context.env, program: context.program });
  if (options.json) context.terminal.print(JSON.stringify({ pid, folder }));
  else
    context.terminal.note(
      `Keeping ${folder} in sync in the background (process ${pid}): \`satchel status\` tells how it stands, \`satchel stop\` ends it.`,
    );
}

export interface JoinOptions extends OutputOptions {
  readonly device?: string;
  readonly background?: boolean;
}

/** `satchel join CODE [DIR]` */
export async function join(
  context: CommandContext,
  code: string,
  directory: string | undefined,
  options: JoinOptions,
): Promise<ExitCode> {
  const { serverUrl, user } = await signInByCode(context, code, options);
  context.terminal.note(`Logged in to ${serverUrl} as ${user}.`);
  const folder = directory ?? defaultFolder();
  if (!options.background) return sync(context, folder, { ...options, background: false });
  await start(context, folder, options);
  return exitCode.done;
}
