import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { writeFileDurably } from "../storage/durable-file.ts";
import type { DataDirectory } from "./data-directory.ts";

/** How long a server keeps things, in milliseconds, and how many. */
export interface KeptPeriods {
  readonly keepMs: number;
  readonly graceMs: number;
  readonly auditKeepMs: number;
  readonly deletionGraceMs: number;
  readonly maxVersions: number;
}

/** Notes by what the server keeps, for commands that run without its environment. */
export async function noteRetention({ retention }: DataDirectory, periods: KeptPeriods): Promise<void> {
  const { keepMs, graceMs, auditKeepMs, deletionGraceMs, maxVersions } = periods;
  await writeFileDurably(
    retention,
    `${JSON.stringify({ keepMs, graceMs, auditKeepMs, deletionGraceMs, maxVersions })}\n`,
  );
}

/** As the server noted it when it last started; undefined if it never did. */
export async function findNotedRetention({ retention }: DataDirectory): Promise<KeptPeriods | undefined> {
  return existsSync(retention) ? (JSON.parse(await readFile(retention, "utf8")) as KeptPeriods) : undefined;
}

/** Of each the longer: what either keeps stays. */
export function longerRetention(one: KeptPeriods, other: KeptPeriods): KeptPeriods {
  return {
    keepMs: Math.max(one.keepMs, other.keepMs),
    graceMs: Math.max(one.graceMs, other.graceMs),
    auditKeepMs: Math.max(one.auditKeepMs, other.auditKeepMs),
    deletionGraceMs: Math.max(one.deletionGraceMs, other.deletionGraceMs),
    maxVersions: Math.max(one.maxVersions, other.maxVersions),
  };
}
