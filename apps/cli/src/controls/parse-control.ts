import { CommandError, exitCode } from "../output/exit-code.ts";

const durationUnits: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A year: what is meant to last longer is no pause. */
const maxDurationMs = 365 * 86_400_000;

/** `90s`, `30m`, `1h`, `1h30m`, `2d`, in milliseconds. @throws CommandError usage */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})([smhd])/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === text;
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (durationUnits[unit ?? ""] ?? 0), 0);
  if (isWhole && ms > 0 && ms <= maxDurationMs) return ms;
  throw wrong(`${JSON.stringify(text)} is no time span: write 30m, 1h, 1h30m or 2d.`);
}

const rateUnits: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };
/** Slower than this, not even a question gets through in time; in bytes a second. */
const minRate = 1000;

/** `500k`, `2M`, `1.5MB`, in bytes a second; `off` for no limit. @throws CommandError usage */
export function parseRate(text: string): number | null {
  if (text === "off") return null;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([kmg]?)(i?)b?(?:\/s)?$/i.exec(text);
  const [, count = "", unit = "", binary = ""] = match ?? [];
  const base = rateUnits[unit.toLowerCase()] ?? 1;
  const bytes = Math.round(Number(count) * (binary === "" ? base : 1024 ** (Math.log10(base) / 3)));
  if (match && bytes >= minRate) return bytes;
  if (match) throw wrong(`${JSON.stringify(text)} is less than 1k a second: \`satchel pause\` stops transfers.`);
  throw wrong(`${JSON.stringify(text)} is no rate: write 500k or 2M (bytes a second), or off.`);
}

/** `08:00`, `18:30`, `24:00`, in minutes since midnight. @throws CommandError usage */
export function parseTimeOfDay(text: string): number {
  const match = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text);
  const minutes = Number(match?.[1]) * 60 + Number(match?.[2]);
  if (match && minutes <= 24 * 60) return minutes;
  throw wrong(`${JSON.stringify(text)} is no time of the day: write 08:00 or 18:30.`);
}

const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `mon-fri`, `sat,sun`, `fri-mon`: days as numbers, Sunday is 0, in order. @throws CommandError usage */
export function parseDays(text: string): number[] {
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(",")) {
    const [first = -1, last = first, more] = part.split("-").map((name) => dayNames.indexOf(name.trim()));
    if (first < 0 || last < 0 || more !== undefined) {
      throw wrong(`${JSON.stringify(text)} names no days: write mon-fri, or sat,sun.`);
    }
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].toSorted((one, other) => one - other);
}

/** Monday first, as people read a week. */
export function formatDays(days: readonly number[]): string {
  const ordered = days.toSorted((one, other) => ((one + 6) % 7) - ((other + 6) % 7));
  const isRun = ordered.every(
    (day, index) => index === 0 || (day + 6) % 7 === (((ordered[index - 1] ?? 0) + 6) % 7) + 1,
  );
  const names = ordered.map((day) => dayNames[day] ?? "");
  return isRun && names.length > 2 ? [names[0], names.at(-1)].join("-") : names.join(",");
}

export function formatTimeOfDay(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function wrong(sentence: string): CommandError {
  return new CommandError(exitCode.usage, sentence);
}
