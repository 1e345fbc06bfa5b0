const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size as people read it: `1.4 GB`, in powers of 1000 as storage is sold. */
export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const maximumFractionDigits = power === 0 || value >= 100 ? 0 : 1;
  const format = { style: "unit", unit: units[power] ?? "byte", unitDisplay: power === 0 ? "long" : "short" } as const;
  return new Intl.NumberFormat(language, { ...format, maximumFractionDigits }).format(value);
}

/** An instant as a list shows it: the time for today, the day for this year, else the date. */
export function formatInstant(instant: string, language: string, now = new Date()): string {
  const date = new Date(instant);
  const sameDay = date.toDateString() === now.toDateString();
  if (sameDay) return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(date);
  const sameYear = date.getFullYear() === now.getFullYear();
  const options = sameYear
    ? ({ day: "numeric", month: "short", hour: "numeric", minute: "2-digit" } as const)
    : ({ dateStyle: "medium" } as const);
  return new Intl.DateTimeFormat(language, options).format(date);
}

/** An instant in full, for tooltips and sentences. */
export function formatInstantFully(instant: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" }).format(new Date(instant));
}

/** A rest of time in its largest sensible unit: `40 sec`, `12 min`, `3 hr`. */
export function formatDuration(seconds: number, language: string): string {
  const [value, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 0 }).format(Math.ceil(value));
}

export function formatPercent(fraction: number, language: string): string {
  // Nothing unfinished reads as 100 %.
  const shown = fraction < 1 ? Math.min(fraction, 0.99) : 1;
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(shown);
}

/** How large something is shown: `250 %`. */
export function formatScale(scale: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(scale);
}
