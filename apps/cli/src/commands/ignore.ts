import { lstat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { readIgnoreRules } from "@satchel/engine";
import { findSyncRecord } from "../home/sync-record.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { ExitCode } from "../output/exit-code.ts";
import { printable } from "../output/format.ts";
import { homeOf } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";
import { pathInFolder } from "./path-in-folder.ts";

/** `satchel ignore test PATH`; a PATH that is not there is a folder when it ends with a slash. */
export async function testIgnore(context: CommandContext, path: string, options: OutputOptions): Promise<ExitCode> {
  const { terminal, cwd } = context;
  const record = await findSyncRecord(homeOf(context, options));
  if (!record)
    throw new CommandError(exitCode.failed, "This home has not synced a folder yet: `satchel sync DIR` begins.");
  const { folder } = record;
  const inFolder = pathInFolder({ cwd, folder, path });
  const found = await lstat(resolve(cwd, path)).catch(() => undefined);
  const isFolder = found ? found.isDirectory() : path.endsWith("/");
  const rule = inFolder === "" ? undefined : readIgnoreRules(folder).find(inFolder, isFolder);
  if (options.json)
    terminal.print(
      JSON.stringify({
        path: inFolder,
        ignored: rule !== undefined,
        rule: rule?.pattern ?? null,
        source: rule?.source ?? null,
      }),
    );
  else if (rule)
    terminal.print(`${printable(inFolder)} is left out by ${printable(rule.pattern)} (${printable(rule.source)})`);
  else terminal.note(`No rule leaves out ${printable(relative(cwd, resolve(cwd, path)) || ".")}.`);
  return rule ? exitCode.done : exitCode.failed;
}
