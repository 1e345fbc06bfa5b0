import { withControl } from "../../controls/change-controls.ts";
import { isPausedAt, readControls } from "../../controls/controls-file.ts";
import type { SyncIssue } from "../../daemon/sync-report.ts";
import { findLogin } from "../../home/login-file.ts";
import { findSyncRecord } from "../../home/sync-record.ts";
import { exitCode } from "../../output/exit-code.ts";
import type { ExitCode } from "../../output/exit-code.ts";
import { explainError } from "../../output/explain-error.ts";
import { printable } from "../../output/format.ts";
import { pauseSentence } from "../../output/sync-presenter.ts";
import { homeOf, withSession } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

/** Something that waits for a person. */
export interface Attention {
  readonly code: string;
  /** From the account's root or the folder; empty for what is about no single item. */
  readonly path: string;
  readonly message: string;
  /** What could be typed next. */
  readonly commands: readonly string[];
}

/** `satchel attention`: all that waits for a person, with the commands that deal with it. Exit code 5 when something does. */
export async function attention(context: CommandContext, options: OutputOptions): Promise<ExitCode> {
  const { terminal } = context;
  const found = await collect(context, options);
  if (options.json) terminal.print(JSON.stringify(found));
  else if (found.length === 0) terminal.note("Nothing waits for you.");
  else for (const each of found) for (const line of describe(each)) terminal.print(line);
  return found.length === 0 ? exitCode.done : exitCode.incomplete;
}

function describe({ path, message, commands }: Attention): string[] {
  const about = path === "" ? "" : `${printable(path)}: `;
  return [`! ${about}${printable(message)}`, ...commands.map((command) => `    ${printable(command)}`)];
}

/** What `attention` tells. Never throws for a server that can't be asked: that is one of the things told. */
export async function collect(context: CommandContext, options: OutputOptions): Promise<Attention[]> {
  const home = homeOf(context, options);
  if (!(await findLogin(home))) return [note("not_logged_in", "This device is not logged in.", ["satchel login URL"])];
  const running = await withControl({ home, env: context.env }, async (control) => control?.call("status", {}));
  const record = await findSyncRecord(home);
  const controls = await readControls(home);
  const folder = record?.folder ?? "DIR";
  return [
    ...(running ? [] : [note("not_running", "No sync runs in this home.", [`satchel start ${quote(folder)}`])]),
    ...(isPausedAt(controls, Date.now())
      ? [note("paused", pauseSentence(controls.pause?.untilMs ?? null), ["satchel resume"])]
      : []),
    ...((running ?? record?.report)?.issues ?? []).filter(({ code }) => !informative.has(code)).map(attentionOf),
    ...(await listConflicts(context, options)),
  ];
}

/** Issues that only say how something is; nobody has to do anything about them. */
const informative: ReadonlySet<string> = new Set(["name_alias", "not_watching"]);

function attentionOf({ path, code, message }: SyncIssue): Attention {
  const shown = quote(path);
  const commands = commandsFor[code]?.(shown) ?? (path === "" ? ["satchel doctor"] : [`satchel why ${shown}`]);
  return { code, path, message, commands };
}

/** What helps with an issue; `satchel why` or `satchel doctor` where nothing better is known. */
const commandsFor: Readonly<Record<string, (path: string) => string[]>> = {
  name_excluded: (path) => [`mv ${path} NEW-NAME`, `satchel exclude remove ${path}`],
  ignored_in_the_way: (path) => [`mv ${path} NEW-NAME`],
  quota_exceeded: () => ["satchel trash", "satchel ls --json"],
  folder_unreadable: (path) => [`chmod u+rx ${path}`],
  entry_unreadable: (path) => [`chmod u+r ${path}`],
  root_missing: () => ["satchel stop", "satchel start DIR"],
  root_replaced: () => ["satchel logout", "satchel login URL"],
};

async function listConflicts(context: CommandContext, options: OutputOptions): Promise<Attention[]> {
  try {
    return await withSession(context, options, async ({ api }) => {
      const { conflicts } = await api.conflicts({ cursor: null });
      return conflicts.map(({ path, original_path: original }) => conflictOf(path, original));
    });
  } catch (error) {
    return [note("server_unreachable", explainError(error).sentence, ["satchel doctor"])];
  }
}

function conflictOf(path: string, original: string | null): Attention {
  const of = original === null ? "an item that is gone" : original;
  return {
    code: "conflict",
    path,
    message: `This is the other side of ${of}: say what to keep, this (mine), the other (theirs), or both.`,
    commands: ["theirs", "mine", "both"].map((kept) => `satchel resolve ${quote(path)} --keep ${kept}`),
  };
}

function note(code: string, message: string, commands: readonly string[]): Attention {
  return { code, path: "", message, commands };
}

/** As a shell takes it. */
function quote(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
