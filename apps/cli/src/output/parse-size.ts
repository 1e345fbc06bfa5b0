import { CommandError, exitCode } from "./exit-code.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

/** Bytes of a size such as `10GB`, `512 MiB` or `1000`. @throws CommandError for anything else */
export function parseSize(text: string): number {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]{0,3})$/i.exec(text.trim()) ?? [];
  const factor = units[(unit ?? "?").toLowerCase()];
  const bytes = Math.round(Number(digits) * (factor ?? Number.NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new CommandError(exitCode.usage, `${JSON.stringify(text)} is no size: write it as 10GB or 512MiB.`);
}
