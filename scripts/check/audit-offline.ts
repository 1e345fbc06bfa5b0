import { affectedBy, type Advisory, type LockedVersion } from "./advisories.ts";
import type { AuditOutcome } from "./audit.ts";

/** What advisories say about what is locked. None at all are not taken for a clean answer: the folder was another. */
export function auditOffline(advisories: Iterable<Advisory>, locked: readonly LockedVersion[]): AuditOutcome {
  const packages = new Map<string, string[]>();
  for (const { name, version } of locked) packages.set(name, [...(packages.get(name) ?? []), version]);
  let count = 0;
  let newest = "";
  const found: string[] = [];
  try {
    for (const advisory of advisories) {
      count += 1;
      if ((advisory.modified ?? "") > newest) newest = advisory.modified ?? "";
      for (const { name, version } of affectedBy(advisory, packages))
        found.push(
          `${name} ${version}: ${advisory.id}${advisory.summary === undefined ? "" : `, ${advisory.summary}`}`,
        );
    }
  } catch (error) {
    return { kind: "unanswered", sentence: `the advisories can't be read: ${String(error)}` };
  }
  if (count === 0) return { kind: "unanswered", sentence: "the folder has no advisories about packages of npm" };
  const basis = `by ${count} advisories about packages of npm, the newest of ${newest.slice(0, 10) || "an unknown day"}`;
  return found.length === 0
    ? { kind: "clean", sentence: `no known hole in ${locked.length} packages, ${basis}` }
    : { kind: "vulnerable", sentence: [`known holes, ${basis}:`, ...found.toSorted()].join("\n  ") };
}
