import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, valid } from "semver";

/** What an advisory of the OSV format says, as far as it counts here (https://ossf.github.io/osv-schema/). */
export interface Advisory {
  readonly id: string;
  readonly modified?: string;
  /** When it was taken back: it says nothing then. */
  readonly withdrawn?: string;
  readonly summary?: string;
  readonly affected?: readonly Affected[];
}

interface Affected {
  readonly package?: { readonly ecosystem?: string; readonly name?: string };
  readonly ranges?: readonly { readonly type?: string; readonly events?: readonly RangeEvent[] }[];
  /** Single versions, beside the ranges. */
  readonly versions?: readonly string[];
}

/** A bound of a range; each event has one of these. */
interface RangeEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

/** A package in the version that is locked. */
export interface LockedVersion {
  readonly name: string;
  readonly version: string;
}

/** Packages of others in `package-lock.json`, each version once. An alias counts under the name of what is behind it. */
export function lockedVersions(lockfile: LockedPackages): LockedVersion[] {
  const found = new Map<string, LockedVersion>();
  for (const [path, { name: behind, version, link }] of Object.entries(lockfile.packages)) {
    const name = behind ?? path.split("node_modules/").at(-1) ?? "";
    if (link !== true && version !== undefined && path.includes("node_modules/"))
      found.set(`${name}@${version}`, { name, version });
  }
  return [...found.values()];
}

/** The parts of package-lock.json that count here. */
export interface LockedPackages {
  readonly packages: Readonly<
    Record<string, { readonly name?: string; readonly version?: string; readonly link?: boolean }>
  >;
}

/** All advisories below a folder that are about packages of npm, in files that end in `.json`. @throws for a file that can't be read */
export function* readAdvisories(folder: string): Generator<Advisory> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const advisory = JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8")) as Advisory | null;
    if (typeof advisory?.id === "string" && advisory.affected?.some(isOfNpm)) yield advisory;
  }
}

/** Which of the packages an advisory means. @throws RangeError for a bound of a locked package that is no version */
export function affectedBy(advisory: Advisory, packages: ReadonlyMap<string, readonly string[]>): LockedVersion[] {
  if (advisory.withdrawn !== undefined) return [];
  return (advisory.affected ?? []).filter(isOfNpm).flatMap((affected) => {
    const name = affected.package?.name ?? "";
    const versions = packages.get(name) ?? [];
    return versions
      .filter((version) => isAffected(version, affected, advisory.id))
      .map((version) => ({ name, version }));
  });
}

function isOfNpm(affected: Affected): boolean {
  return affected.package?.ecosystem === "npm";
}

/** As the format's own description evaluates it (https://ossf.github.io/osv-schema/#evaluation). */
function isAffected(version: string, { ranges = [], versions = [] }: Affected, id: string): boolean {
  if (versions.includes(version)) return true;
  // Ranges of commits say nothing about versions.
  return ranges.some(
    ({ type, events = [] }) =>
      type !== "GIT" &&
      isWithin(
        version,
        events.map((event) => boundOf(event, id)),
      ),
  );
}

interface Bound {
  readonly kind: "introduced" | "fixed" | "last_affected";
  readonly at: string;
}

function isWithin(version: string, bounds: readonly Bound[]): boolean {
  let within = false;
  for (const { kind, at } of bounds.toSorted((a, b) => compare(a.at, b.at))) {
    const distance = compare(version, at);
    if (kind === "introduced" && distance >= 0) within = true;
    if (kind === "fixed" && distance >= 0) within = false;
    if (kind === "last_affected" && distance > 0) within = false;
  }
  return within;
}

/** "0" means before all versions. */
const beforeAll = "0.0.0-0";

function boundOf(event: RangeEvent, id: string): Bound {
  for (const kind of ["introduced", "fixed", "last_affected"] as const) {
    const text = event[kind];
    if (text === undefined) continue;
    const at = text === "0" ? beforeAll : valid(text);
    if (at === null) throw new RangeError(`${id} speaks of a version "${text}", which is none`);
    return { kind, at };
  }
  throw new RangeError(`${id} has a range with a bound that is not known: ${JSON.stringify(event)}`);
}
