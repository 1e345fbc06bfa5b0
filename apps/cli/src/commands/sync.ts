import { resolve } from "node:path";
import { openRotatingLog, maxLogBytes } from "../daemon/rotating-log.ts";
import { openEngineForSync } from "../daemon/engine-adapter.ts";
import { isStateDamaged } from "../daemon/forget-state.ts";
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
  readonly anew?: boolean;
  /** Set by `start`: nobody looks, and the log is in the home. */
  readonly background?: boolean;
}

/** `satchel sync DIR` */
export async function sync(context: CommandContext, directory: string, options: SyncOptions): Promise<ExitCode> {
  const { terminal } = context;
  const home = homeOf(context, options);
  const folder = resolve(context.cwd, directory);
  const { once = false, anew = false } = options;
  if (options.background) return syncInBackground(context, { home, folder, anew });
  const presenter = options.json ? jsonPresenter(terminal) : humanPresenter((line) => terminal.note(line), terminal);
  return runSync(context, { home, folder, once, anew, presenter });
}

/** Runs a session and tells how it ended. With `once`, what could not be synchronised is listed, and told by the exit code. */
export async function runSync(
  context: Pick<CommandContext, "terminal" | "env" | "signal">,
  sync: RequestedSync & { once: boolean; presenter: SyncPresenter; log?: (line: string) => void },
): Promise<ExitCode> {
  const run = async (anew: boolean): Promise<SessionEnd> =>
    runSyncSession({
      home: sync.home,
      folder: sync.folder,
      once: sync.once,
      anew,
      signal: context.signal,
      env: context.env,
      openEngine: openEngineForSync,
      onReady: (current) => sync.presenter.onReady(current),
      onEvent: (event) => sync.presenter.onEvent(event),
      log: sync.log ?? (() => undefined),
    });
  let end: SessionEnd;
  try {
    end = await run(sync.anew).catch((error: unknown) => {
      // All of it can be found out again, from the folder and the server.
      if (!isStateDamaged(error)) throw error;
      const sentence = "What this device remembered of the folder is damaged: it is put aside, and found out anew.";
      (sync.log ?? ((line) => context.terminal.note(line)))(sentence);
      return run(true);
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

/** Which folder, of which device, and whether as at the first time. */
interface RequestedSync {
  readonly home: Home;
  readonly folder: string;
  readonly anew: boolean;
}

async function syncInBackground(context: CommandContext, requested: RequestedSync): Promise<ExitCode> {
  const log = openRotatingLog(requested.home.logs, { maxBytes: maxLogBytes, now: () => new Date() });
  const silent = { canRedraw: false, columns: 80, redraw: () => undefined };
  try {
    return await runSync(context, {
      ...requested,
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

export interface StartOptions extends OutputOptions {
  readonly anew?: boolean;
}

/** `satchel start DIR` */
export async function start(context: CommandContext, directory: string, options: StartOptions): Promise<void> {
  const home = homeOf(context, options);
  const folder = resolve(context.cwd, directory);
  const { anew = false } = options;
  const pid = await startInBackground({ home, folder, anew, env: context.env, program: context.program });
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
