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

function incomplete({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, version]) => {
      const locked = findLocked(packages, path, name);
      if (locked !== undefined && (!EXACT_VERSION.test(version) || locked.version === version)) return [];
      return [
        `package-lock.json: ${path} may need ${name} ${version}, which is not locked: lock where all platforms are served`,
      ];
    }),
  );
}

/** The package that `name` means to the package at `path`: the nearest one, as Node looks for it. */
function findLocked(packages: Lockfile["packages"], path: string, name: string): LockedPackage | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const found = packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (found !== undefined || folder === "") return found;
  }
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

/** A row of `docs/dependencies.md`: the package, and why it is there. */
const REASON = /^\| `([^`]+)` \| (\S.*) \|$/gm;
/** Our own packages need no reason. */
const OURS = /^@satchel\//;

/** Packages of others that our manifests name without a reason on the page, and reasons for what isn't there. */
export function reasonProblems(page: string, manifests: readonly Readonly<Record<string, unknown>>[]): string[] {
  const named = new Set(
    manifests
      .flatMap((manifest) =>
        ["dependencies", "devDependencies", "optionalDependencies"].map((group) => manifest[group]),
      )
      .flatMap((group) => Object.keys(group ?? {}))
      .filter((name) => !OURS.test(name)),
  );
  const explained = new Set([...page.matchAll(REASON)].map(([, name = ""]) => name));
  return [
    ...[...named.difference(explained)].map((name) => `docs/dependencies.md doesn't say why ${name} is there`),
    ...[...explained.difference(named)].map((name) => `docs/dependencies.md has ${name}, which no manifest names`),
  ];
}

if (import.meta.main) {
  const files = readRepositoryFiles((path) => /(^|\/)(package|package-lock)\.json$/.test(path));
  const problems: string[] = [];
  let locked = 0;
  const manifests: Record<string, unknown>[] = [];
  for (const { path, text } of files) {
    const content: unknown = JSON.parse(text);
    if (path === "package-lock.json") {
      locked = Object.keys((content as Lockfile).packages).length;
      problems.push(...lockfileProblems(content as Lockfile));
    } else {
      manifests.push(content as Record<string, unknown>);
      problems.push(...versionProblems(path, content as Record<string, unknown>));
    }
  }
  const [page] = readRepositoryFiles((path) => path === "docs/dependencies.md");
  problems.push(...reasonProblems(page?.text ?? "", manifests));
  report({ name: "dependencies", saw: locked, atLeast: MIN_LOCKED_PACKAGES, unit: "locked packages", problems });
}
