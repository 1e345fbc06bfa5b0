import { readControls, type Controls } from "../controls/controls-file.ts";
import { ratesAt, type Rates } from "../controls/timetable.ts";
import { connectControl } from "../daemon/control-client.ts";
import type { ControlClient } from "../daemon/control-client.ts";
import { controlPath } from "../daemon/control-path.ts";
import type { ItemReport, SyncReport } from "../daemon/sync-report.ts";
import { findLogin } from "../home/login-file.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { ExitCode } from "../output/exit-code.ts";
import { formatSize, plural, printable } from "../output/format.ts";
import { issueLine, stateSentence } from "../output/sync-presenter.ts";
import { homeOf } from "./command-context.ts";
import type { CommandContext, HomeOptions, OutputOptions } from "./command-context.ts";
import { pathInFolder } from "./path-in-folder.ts";

/** `satchel status [PATH]` */
export async function status(
  context: CommandContext,
  path: string | undefined,
  options: OutputOptions,
): Promise<ExitCode> {
  const control = await findControl(context, options);
  if (!control) return lastStatus(context, options);
  const { terminal } = context;
  try {
    const report = await control.call("status", {});
    if (path === undefined) {
      if (options.json) terminal.print(JSON.stringify(report));
      else for (const line of statusLines(report, await readControls(homeOf(context, options)))) terminal.print(line);
    } else {
      const item = await control.call("item", {
        path: pathInFolder({ cwd: context.cwd, folder: report.folder, path }),
      });
      if (options.json) terminal.print(JSON.stringify(item));
      else for (const line of itemLines(item)) terminal.print(line);
    }
    return exitCode.done;
  } finally {
    control.close();
  }
}

/** What is known when no sync runs: how the last one stood. */
async function lastStatus(context: CommandContext, options: OutputOptions): Promise<ExitCode> {
  const home = homeOf(context, options);
  const record = await findSyncRecord(home);
  const login = await findLogin(home);
  const none = {
    state: "offline",
    folder: null,
    server: login?.serverUrl ?? null,
    user: login?.user ?? null,
    pending: noPending,
    issues: [],
  };
  if (options.json) context.terminal.print(JSON.stringify({ ...(record?.report ?? none), running: false }));
  const next = login ? "`satchel start DIR` begins one" : "`satchel login URL` comes first";
  const last = record ? ` The last one kept ${printable(record.report.folder)}.` : "";
  context.terminal.note(`No sync runs in this home: ${next}.${last}`);
  return exitCode.failed;
}

const noPending = { uploads: 0, downloads: 0, bytes: 0 };

function statusLines(report: SyncReport, { excluded, limits }: Controls): string[] {
  const { pending } = report;
  const work = [
    ...(pending.uploads > 0 ? [`${plural(pending.uploads, "file")} to send`] : []),
    ...(pending.downloads > 0 ? [`${plural(pending.downloads, "file")} to fetch`] : []),
    ...(pending.bytes > 0 ? [formatSize(pending.bytes)] : []),
  ];
  return [
    `${printable(report.folder)} with ${report.user} at ${report.server}`,
    stateSentence(report),
    ...(work.length > 0 ? [`Pending: ${work.join(", ")}.`] : []),
    ...(excluded.length > 0
      ? [`Left out of this device: ${plural(excluded.length, "item")} (\`satchel exclude list\`).`]
      : []),
    ...describeRates(ratesAt(limits, new Date())),
    ...report.issues.map((issue) => `! ${issueLine(issue)}`),
  ];
}

/** A limit that holds now explains why things are slow. */
function describeRates({ up, down }: Rates): string[] {
  const parts = [
    ...(up === null ? [] : [`${formatSize(up)}/s up`]),
    ...(down === null ? [] : [`${formatSize(down)}/s down`]),
  ];
  return parts.length > 0 ? [`Limited to ${parts.join(", ")} (\`satchel limit list\`).`] : [];
}

function itemLines(item: ItemReport): string[] {
  return [
    `${printable(item.path)}: ${item.state}`,
    ...(item.message === undefined ? [] : [`! ${printable(item.message)}`]),
  ];
}

/** `satchel wait [--timeout SECONDS]` */
export async function wait(context: CommandContext, options: HomeOptions & { timeout?: string }): Promise<ExitCode> {
  const timeoutMs = parseTimeout(options.timeout);
  const control = await getControl(context, options);
  const abort = (): void => control.close();
  context.signal.addEventListener("abort", abort);
  try {
    const done = await control.call("wait", { timeoutMs });
    if (done) return exitCode.done;
    context.terminal.note("The time ran out before everything was in sync: `satchel status` tells what is pending.");
    return exitCode.timedOut;
  } finally {
    context.signal.removeEventListener("abort", abort);
    control.close();
  }
}

/** The longest time that a timer can hold, in seconds (24 days). */
const maxTimeoutSeconds = 2_147_483;

function parseTimeout(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds > maxTimeoutSeconds) {
    throw new CommandError(exitCode.usage, `${JSON.stringify(text)} is no number of seconds: write --timeout 60.`);
  }
  return seconds * 1000;
}

/** How long a sync may take to stop: it finishes the step that it is in. */
const stopWithinMs = 60_000;

/** `satchel stop`: returns when the sync has ended. */
export async function stop(context: CommandContext, options: HomeOptions): Promise<void> {
  const control = await findControl(context, options);
  if (!control) return context.terminal.note("No sync runs in this home: there is nothing to stop.");
  const timeout = Promise.withResolvers<"late">();
  const timer = setTimeout(() => timeout.resolve("late"), stopWithinMs);
  try {
    await control.call("stop", {});
    const outcome = await Promise.race([control.ended, timeout.promise]);
    if (outcome === "late")
      throw new CommandError(
        exitCode.failed,
        "The sync has not stopped yet: look at its log in the home, or end its process.",
      );
    context.terminal.note("Stopped.");
  } finally {
    clearTimeout(timer);
    control.close();
  }
}

async function findControl(context: CommandContext, options: HomeOptions): Promise<ControlClient | undefined> {
  return connectControl(await controlPath(homeOf(context, options), context.env));
}

async function getControl(context: CommandContext, options: HomeOptions): Promise<ControlClient> {
  const control = await findControl(context, options);
  if (control) return control;
  throw new CommandError(exitCode.failed, "No sync runs in this home: `satchel start DIR` begins one.");
}
