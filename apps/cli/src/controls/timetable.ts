/** How fast this device may send and receive, and when. Times are those of this machine's clock and zone. */
export interface LimitRule {
  /** Bytes a second; null for no limit. */
  readonly up: number | null;
  readonly down: number | null;
  /** Minutes since midnight, from and up to; null for the whole day. `to` at or before `from` ends on the next day. */
  readonly hours: { readonly from: number; readonly to: number } | null;
  /** Days on which the hours begin, Sunday is 0; null for every day. */
  readonly days: readonly number[] | null;
}

export interface Rates {
  readonly up: number | null;
  readonly down: number | null;
}

/** More rules than a timetable needs. */
export const maxLimitRules = 50;

/** What holds at an instant: of all the rules that apply, the strictest in each direction. */
export function ratesAt(rules: readonly LimitRule[], now: Date): Rates {
  const holding = rules.filter((rule) => appliesAt(rule, now));
  return { up: strictest(holding.map(({ up }) => up)), down: strictest(holding.map(({ down }) => down)) };
}

function strictest(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function appliesAt({ hours, days }: LimitRule, now: Date): boolean {
  const isOn = (day: number): boolean => days === null || days.includes((day + 7) % 7);
  const today = now.getDay();
  if (hours === null) return isOn(today);
  const minute = now.getHours() * 60 + now.getMinutes();
  const { from, to } = hours;
  if (from < to) return isOn(today) && minute >= from && minute < to;
  return (isOn(today) && minute >= from) || (isOn(today - 1) && minute < to);
}

/** Whether two rules are about the same hours and days, so that the later one takes the place of the other. */
export function isSameWindow(one: LimitRule, other: LimitRule): boolean {
  return JSON.stringify([one.hours, one.days]) === JSON.stringify([other.hours, other.days]);
}
