import { readRepositoryFiles } from "./repository-files.ts";
import { report } from "./report.ts";

const MIN_LOCKED_PACKAGES = 50;
const PUBLIC_REGISTRY = "https://registry.npmjs.org/";
/** `1.2.3`, or with a pre-release: nothing that a later release could satisfy. */
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** The parts of package-lock.json that count here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Entries of the lockfile that name another registry than the public one, or that nothing verifies; and packages for
 * other platforms that it lacks, without which `npm ci` refuses.
 */
export function lockfileProblems(lockfile: Lockfile): string[] {
  return [...unverified(lockfile), ...incomplete(lockfile)];
}

function incomplete(lockfile: Lockfile): string[] {
  const locked = new Set(Object.keys(lockfile.packages).map((path) => path.split("node_modules/").at(-1)));
  return Object.entries(lockfile.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.has(name))
      .map(
        (name) =>
          `package-lock.json: ${path} may need ${name}, which is not locked: lock where all platforms are served`,
      ),
  );
}

function unverified(lockfile: Lockfile): string[] {
  return Object.entries(lockfile.packages).flatMap(([path, { resolved, integrity, link }]) => {
    if (link === true || !path.includes("node_modules/")) return [];
    const problems: string[] = [];
    if (resolved !== undefined && !resolved.startsWith(PUBLIC_REGISTRY)) {
      problems.push(`package-lock.json: ${path} comes from ${resolved}: lock it against the public registry`);
    }
    if (integrity === undefined) problems.push(`package-lock.json: ${path} has no integrity hash`);
    return problems;
  });
}

/** Dependencies whose version isn't exact: the lockfile would decide, and only for those who have it. */
export function versionProblems(path: string, manifest: Readonly<Record<string, unknown>>): string[] {
  const groups = ["dependencies", "devDependencies", "optionalDependencies"].map((group) => manifest[group] ?? {});
  return groups.flatMap((group) =>
    Object.entries(group)
      .filter(([, version]) => !EXACT_VERSION.test(String(version)))
      .map(([name, version]) => `${path}: ${name} is "${String(version)}", which is not an exact version`),
  );
}

if (import.meta.main) {
  const files = readRepositoryFiles((path) => /(^|\/)(package|package-lock)\.json$/.test(path));
  const problems: string[] = [];
  let locked = 0;
  for (const { path, text } of files) {
    const content: unknown = JSON.parse(text);
    if (path === "package-lock.json") {
      locked = Object.keys((content as Lockfile).packages).length;
      problems.push(...lockfileProblems(content as Lockfile));
    } else {
      problems.push(...versionProblems(path, content as Record<string, unknown>));
    }
  }
  report({ name: "dependencies", saw: locked, atLeast: MIN_LOCKED_PACKAGES, unit: "locked packages", problems });
}
