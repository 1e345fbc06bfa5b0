import type { DifferenceKind, VerifyReport } from "@satchel/engine";
import { withControl } from "../../controls/change-controls.ts";
import { CommandError, exitCode } from "../../output/exit-code.ts";
import type { ExitCode } from "../../output/exit-code.ts";
import { formatSize, plural, printable } from "../../output/format.ts";
import { homeOf } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

/** `satchel verify [--deep]`: compares the folder with the server, and names what differs, with exit code 5. */
export async function verify(context: CommandContext, options: OutputOptions & { deep?: boolean }): Promise<ExitCode> {
  const { terminal, env, signal } = context;
  const report = await withControl({ home: homeOf(context, options), env }, async (control) => {
    if (!control) throw new CommandError(exitCode.failed, "No sync runs in this home: `satchel start DIR` begins one.");
    refuseAtRest((await control.call("status", {})).state);
    const stop = (): void => control.close();
    signal.addEventListener("abort", stop);
    try {
      return await control.call("verify", { deep: options.deep ?? false });
    } finally {
      signal.removeEventListener("abort", stop);
    }
  });
  const { differences, digest, serverDigest, checked } = report;
  const isEqual = differences.length === 0;
  if (options.json) {
    const items = checked.items;
    const reread = { files: checked.rereadFiles, bytes: checked.rereadBytes };
    const all = { equal: isEqual, digest, serverDigest, differences, checked: { items, reread } };
    terminal.print(JSON.stringify(all));
  } else for (const line of lines(report)) terminal.print(line);
  return isEqual ? exitCode.done : exitCode.incomplete;
}

/** What doesn't move can't be waited for. */
function refuseAtRest(state: string): void {
  if (state === "paused")
    throw new CommandError(exitCode.failed, "The sync is paused: `satchel resume`, then compare again.");
  if (state === "offline")
    throw new CommandError(exitCode.offline, "The server can't be reached now: `satchel doctor` looks for the reason.");
}

function lines({ differences, digest, checked }: VerifyReport): string[] {
  const reread =
    checked.rereadFiles > 0
      ? `, ${plural(checked.rereadFiles, "file")} read again (${formatSize(checked.rereadBytes)})`
      : "";
  if (differences.length === 0)
    return [`The folder and the server are equal: ${plural(checked.items, "item")}${reread}.`, `Digest ${digest}`];
  return [
    `${plural(differences.length, "difference")} in ${plural(checked.items, "item")}${reread}:`,
    ...differences.map(({ path, kind }) => `! ${printable(path)}: ${sentences[kind]}`),
    "`satchel why PATH` tells what led there, `satchel doctor` looks for what is wrong with this device.",
  ];
}

const sentences: Readonly<Record<DifferenceKind, string>> = {
  only_here: "is only in this folder.",
  only_there: "is only on the server.",
  type: "is one thing here and another on the server.",
  content: "has other contents here than on the server.",
  attributes: "has another time or mode here than on the server.",
  damaged_here:
    "its bytes are not those that were written, though nobody changed it: the disk may be failing. `satchel get` fetches the server's.",
};
