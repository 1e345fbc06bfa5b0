import type { Decision, SideChange } from "@satchel/engine";
import { withControl } from "../../controls/change-controls.ts";
import { CommandError, exitCode } from "../../output/exit-code.ts";
import type { ExitCode } from "../../output/exit-code.ts";
import { formatInstant, printable } from "../../output/format.ts";
import { homeOf } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";
import { isInFolder, pathInFolder } from "../path-in-folder.ts";

/** `satchel why PATH`: what was done last about it, and which observation and rule led to that. Exit code 1 when nothing is known of such a path. */
export async function why(context: CommandContext, path: string, options: OutputOptions): Promise<ExitCode> {
  const { terminal, cwd, env } = context;
  return withControl({ home: homeOf(context, options), env }, async (control) => {
    if (!control) throw new CommandError(exitCode.failed, "No sync runs in this home: `satchel start DIR` begins one.");
    const { folder } = await control.call("status", {});
    const named = { cwd, folder, path };
    const place = isInFolder(named) ? pathInFolder(named) : path.replace(/^\//, "");
    const item = await control.call("item", { path: place });
    const decisions = await control.call("why", { path: place });
    if (options.json) {
      const told = decisions.map(({ atMs, ...rest }) => ({ at: new Date(atMs).toISOString(), ...rest }));
      terminal.print(JSON.stringify({ ...item, decisions: told }));
    } else {
      terminal.print(`${printable(place)}: ${itemState[item.state]}.`);
      if (item.message !== undefined) terminal.print(`! ${printable(item.message)}`);
      for (const decision of decisions) terminal.print(describeDecision(place, decision));
      if (decisions.length === 0) terminal.note("Nothing was done about it, as far back as this device remembers.");
    }
    return item.state === "unknown" && decisions.length === 0 ? exitCode.failed : exitCode.done;
  });
}

const itemState = {
  synced: "in sync",
  uploading: "to be sent",
  downloading: "to be fetched",
  ignored: "left out by an ignore rule (`satchel ignore test` names it)",
  excluded: "left out of this device (`satchel exclude list`)",
  error: "could not be synchronised",
  unknown: "not there, neither here nor on the server",
} as const;

function describeDecision(place: string, { atMs, path, did, here, there, rule }: Decision): string {
  const isAlong = place.startsWith(`${path}/`);
  const where = path === place ? "" : ` (${isAlong ? "with" : "as"} ${printable(path)})`;
  const because = `here it ${changes[here]}, on the server it ${changes[there]}`;
  return `${formatInstant(new Date(atMs).toISOString())}  ${deeds[did]}${where}: ${because} [${rule}].`;
}

/** What an operation did, as a person would say it. */
const deeds: Readonly<Record<Decision["did"], string>> = {
  fetch: "Fetched from the server",
  make_folder: "Made in this folder",
  set_attributes: "Given the server's time and mode",
  move_local: "Moved in this folder, as on the server",
  move_to_limbo: "Put out of the way for a moment",
  set_aside: "Kept beside, under another name",
  delete_local: "Deleted in this folder, as on the server",
  create_remote: "Sent to the server, as new",
  edit_remote: "Sent to the server, as a new version",
  merge_remote: "Merged with the server's, both being kept as versions, or kept beside where that can't be done",
  touch_remote: "Given this folder's time and mode, on the server",
  move_remote: "Moved on the server, as in this folder",
  delete_remote: "Deleted on the server, as in this folder",
  withdraw: "Taken out of this folder, since this device leaves it out",
};

const changes: Readonly<Record<SideChange, string>> = {
  absent: "was not",
  created: "was new",
  unchanged: "was unchanged",
  touched: "had another time or mode",
  edited: "was edited",
  moved: "was moved",
  "edited+moved": "was edited and moved",
  unread: "had changed and was not read yet",
  deleted: "was deleted",
};
