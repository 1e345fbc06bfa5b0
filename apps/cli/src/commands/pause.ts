import { changeControls, withControl } from "../controls/change-controls.ts";
import { readControls } from "../controls/controls-file.ts";
import { parseDuration } from "../controls/parse-control.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { pauseSentence } from "../output/sync-presenter.ts";
import { homeOf } from "./command-context.ts";
import type { CommandContext, HomeOptions, OutputOptions } from "./command-context.ts";

/** `satchel pause [--for TIME]`: transfers rest, also after a restart, until `resume` or for that time. */
export async function pause(context: CommandContext, options: OutputOptions & { for?: string }): Promise<void> {
  const durationMs = options.for === undefined ? null : parseDuration(options.for);
  const place = placeOf(context, options);
  if (!(await isRunning(place))) throw notRunning();
  const untilMs = durationMs === null ? null : Date.now() + durationMs;
  await changeControls(place, (controls) => ({ ...controls, pause: { untilMs } }));
  if (options.json) {
    const until = untilMs === null ? null : new Date(untilMs).toISOString();
    context.terminal.print(JSON.stringify({ paused: true, until }));
  } else context.terminal.note(pauseSentence(untilMs));
}

/** `satchel resume`; without a running sync, of a home that is paused, the next start goes on. */
export async function resume(context: CommandContext, options: OutputOptions): Promise<void> {
  const place = placeOf(context, options);
  const running = await isRunning(place);
  if (!running && (await readControls(place.home)).pause === null) throw notRunning();
  await changeControls(place, (controls) => ({ ...controls, pause: null }));
  if (options.json) context.terminal.print(JSON.stringify({ paused: false }));
  else context.terminal.note(running ? "Going on." : "The next `satchel start DIR` goes on.");
}

function placeOf(context: CommandContext, options: HomeOptions) {
  return { home: homeOf(context, options), env: context.env };
}

function isRunning(place: ReturnType<typeof placeOf>): Promise<boolean> {
  return withControl(place, async (control) => control !== undefined);
}

function notRunning(): CommandError {
  return new CommandError(exitCode.failed, "No sync runs in this home: `satchel start DIR` begins one.");
}
