// `npm run check:audit [-- --advisories DIR]`: are there known holes in what is locked? Not part of `npm run check`, since it asks the network, or a folder of advisories, and its answer changes by itself.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lockedVersions, readAdvisories, type LockedPackages } from "./advisories.ts";
import { auditOffline } from "./audit-offline.ts";
import { repositoryRoot } from "./repository-files.ts";

const severities = ["critical", "high", "moderate", "low", "info"] as const;
const askWithinMs = 120_000;
const exitCodes = { clean: 0, vulnerable: 1, unanswered: 2 } as const;

/** What came of asking. */
export interface AuditOutcome {
  readonly kind: keyof typeof exitCodes;
  readonly sentence: string;
}

/** Reads what `npm audit --json` printed. Whatever isn't an answer is not taken for a clean one. */
export function readAudit(output: string): AuditOutcome {
  const answer = parse(output);
  const counts = answer?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const reason = answer?.message ?? "npm printed no answer";
    const sentence = `the registry could not be asked (${reason}): nothing is known about holes; ask another registry (npm_config_registry), or a folder of advisories (--advisories DIR)`;
    return { kind: "unanswered", sentence };
  }
  const found = severities.flatMap((severity) => {
    const count = counts[severity] ?? 0;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  const { total = 0 } = answer?.metadata?.dependencies ?? {};
  return found.length === 0
    ? { kind: "clean", sentence: `no known hole in ${total} packages` }
    : { kind: "vulnerable", sentence: `known holes: ${found.join(", ")}; \`npm audit\` tells which` };
}

interface AuditAnswer {
  readonly message?: string;
  readonly metadata?: {
    readonly vulnerabilities?: Readonly<Record<string, number>>;
    readonly dependencies?: { readonly total?: number };
  };
}

function parse(output: string): AuditAnswer | undefined {
  try {
    return JSON.parse(output) as AuditAnswer;
  } catch {
    return undefined;
  }
}

function askRegistry(): AuditOutcome {
  const { stdout } = spawnSync("npm", ["audit", "--json"], {
    cwd: repositoryRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: askWithinMs,
  });
  return readAudit(stdout ?? "");
}

function askFolder(folder: string): AuditOutcome {
  const lockfile = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
  return auditOffline(readAdvisories(folder), lockedVersions(JSON.parse(lockfile) as LockedPackages));
}

if (import.meta.main) {
  const { advisories } = parseArgs({ options: { advisories: { type: "string" } } }).values;
  const { kind, sentence } = advisories === undefined ? askRegistry() : askFolder(advisories);
  console.log(`audit: ${sentence}`);
  process.exitCode = exitCodes[kind];
}
