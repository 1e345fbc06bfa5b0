import type { Reader } from "../reader.ts";

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size as people read it, in powers of 1000. */
export function sizeOf({ language }: Reader, bytes: number): string {
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const text = value.toLocaleString(language, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${text} ${units[power] ?? "B"}`;
}
