import { changeControls } from "../controls/change-controls.ts";
import { readControls } from "../controls/controls-file.ts";
import { formatDays, formatTimeOfDay, parseDays, parseRate, parseTimeOfDay } from "../controls/parse-control.ts";
import { isSameWindow, maxLimitRules, ratesAt, type LimitRule } from "../controls/timetable.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatSize } from "../output/format.ts";
import { homeOf } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

export interface LimitOptions extends OutputOptions {
  readonly up?: string;
  readonly down?: string;
  readonly from?: string;
  readonly to?: string;
  readonly days?: string;
}

/** `satchel limit [--up RATE] [--down RATE] [--from TIME --to TIME] [--days DAYS]`: adds a rule, or replaces the one for the same hours and days. */
export async function limitAdd(context: CommandContext, options: LimitOptions): Promise<void> {
  const { terminal, env } = context;
  const rule = parseRule(options);
  const controls = await changeControls({ home: homeOf(context, options), env }, (now) => {
    const others = now.limits.filter((other) => !isSameWindow(other, rule));
    if (others.length >= maxLimitRules)
      throw new CommandError(
        exitCode.failed,
        `There are ${maxLimitRules} limits already: \`satchel limit clear\` begins anew.`,
      );
    return { ...now, limits: [...others, rule].filter(({ up, down }) => up !== null || down !== null) };
  });
  if (options.json) terminal.print(JSON.stringify(controls.limits));
  else terminal.note(`${describeRule(rule)} \`satchel limit list\` shows all, \`satchel limit clear\` ends them.`);
}

/** `satchel limit list` */
export async function limitList(context: CommandContext, options: OutputOptions): Promise<void> {
  const { terminal } = context;
  const { limits } = await readControls(homeOf(context, options));
  const now = ratesAt(limits, new Date());
  if (options.json) return terminal.print(JSON.stringify({ rules: limits, now }));
  if (limits.length === 0) return terminal.note("No limits: `satchel limit --up 500k --down 2M` sets some.");
  for (const rule of limits) terminal.print(describeRule(rule));
  terminal.print(`Now: ${describeRate("up", now.up)}, ${describeRate("down", now.down)}.`);
}

/** `satchel limit clear` */
export async function limitClear(context: CommandContext, options: OutputOptions): Promise<void> {
  const { env, terminal } = context;
  await changeControls({ home: homeOf(context, options), env }, (now) => ({ ...now, limits: [] }));
  if (options.json) terminal.print("[]");
  else terminal.note("No limits any more.");
}

function parseRule({ up, down, from, to, days }: LimitOptions): LimitRule {
  if (up === undefined && down === undefined)
    throw new CommandError(exitCode.usage, "Say how fast: --up 500k, --down 2M, or both; off for no limit.");
  if ((from === undefined) !== (to === undefined))
    throw new CommandError(exitCode.usage, "A timetable has a beginning and an end: --from 08:00 --to 18:00.");
  const hours = from === undefined || to === undefined ? null : { from: parseTimeOfDay(from), to: parseTimeOfDay(to) };
  return {
    up: up === undefined ? null : parseRate(up),
    down: down === undefined ? null : parseRate(down),
    hours,
    days: days === undefined ? null : parseDays(days),
  };
}

function describeRule({ up, down, hours, days }: LimitRule): string {
  const when = [
    hours ? `${formatTimeOfDay(hours.from)}-${formatTimeOfDay(hours.to)}` : "all day",
    days ? formatDays(days) : "every day",
  ].join(", ");
  return `${describeRate("up", up)}, ${describeRate("down", down)} (${when}).`;
}

function describeRate(direction: "up" | "down", rate: number | null): string {
  return rate === null ? `${direction} unlimited` : `${direction} ${formatSize(rate)}/s`;
}
