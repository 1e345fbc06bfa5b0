import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path/posix";
import { findImports, type ModuleImport } from "./find-imports.ts";
import {
  isCode,
  isDevelopmentOnly,
  isTestOnly,
  listRepositoryPaths,
  readRepositoryFiles,
  repositoryRoot,
} from "./repository-files.ts";
import { report } from "./report.ts";
import { serverLayerProblem } from "./server-layers.ts";
import { THREAD_ENTRIES, threadProblems } from "./thin-threads.ts";

/** A row of the import table. */
export interface PackageRule {
  readonly folder: string;
  /** Folders of the packages that it may import. */
  readonly mayImport: readonly string[];
  /** Shown with every violation, so that the reader learns the reason with the rule. */
  readonly because: string;
}

/** Who may import whom. It stands here and nowhere else. */
export const IMPORT_TABLE: readonly PackageRule[] = [
  {
    folder: "packages/protocol",
    mayImport: [],
    because: "it says what crosses the wire and is in every program, so it drags nothing along",
  },
  {
    folder: "packages/testkit",
    mayImport: [],
    because: "a test tool that depended on the code under test would share its bugs",
  },
  {
    folder: "packages/chunking",
    mayImport: ["packages/protocol"],
    because: "cutting bytes is pure, so that the browser and the server can do it too",
  },
  {
    folder: "packages/reconcile",
    mayImport: ["packages/protocol"],
    because: "deciding is pure: it knows no disk, clock or network, so that one seed replays it",
  },
  {
    folder: "packages/merge",
    mayImport: [],
    because: "merging is pure, so that a device and the browser come to the same text",
  },
  {
    folder: "packages/api-client",
    mayImport: ["packages/protocol"],
    because: "calls know the wire and nothing of files, so that every client can use them",
  },
  {
    folder: "packages/engine",
    mayImport: [
      "packages/protocol",
      "packages/chunking",
      "packages/reconcile",
      "packages/merge",
      "packages/api-client",
    ],
    because: "the engine runs without a command line, for instance in the simulator",
  },
  {
    folder: "apps/server",
    mayImport: ["packages/protocol", "packages/chunking", "packages/merge"],
    because:
      "the server and the client meet at the protocol only, so that each can change alone; what a save changed is found alike by both",
  },
  {
    folder: "apps/cli",
    mayImport: ["packages/protocol", "packages/api-client", "packages/engine"],
    because: "the client reaches the server through its API like every other program",
  },
  {
    folder: "apps/satchel",
    mayImport: ["apps/server", "apps/cli", "apps/web"],
    because:
      "the executable reads the command line and starts one of the two, with the web app that was built, nothing else",
  },
  {
    folder: "apps/web",
    mayImport: ["packages/protocol", "packages/chunking", "packages/merge", "packages/api-client"],
    because: "the web app runs in a browser, where there is no engine",
  },
  {
    folder: "tests",
    mayImport: [
      "packages/protocol",
      "packages/chunking",
      "packages/reconcile",
      "packages/api-client",
      "packages/engine",
      "apps/server",
      "apps/cli",
      "apps/satchel",
    ],
    because: "tests of the whole may use everything, and nothing may use them",
  },
  { folder: "scripts", mayImport: ["apps/satchel"], because: "the repository's tools start the product, nothing more" },
];

/** Test code of every package may use it, and nothing else may. */
const TEST_TOOLS = "packages/testkit";
/** These may name the files of the executable, besides importing what the table says. */
const RUNS_THE_PROGRAM = ["scripts", "tests"];
const MIN_MODULES = 60;

/** What the check needs to know of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** Names of its own (`#name`) for files of its own, by condition. */
  readonly imports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The tree that is checked. */
export interface CheckedTree {
  readonly table: readonly PackageRule[];
  /** By folder. `scripts` has the root's. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Imports by the path of the module. */
  readonly modules: ReadonlyMap<string, readonly ModuleImport[]>;
}

/** What is wrong with the tree, a sentence each. */
export function architectureProblems(tree: CheckedTree): string[] {
  const problems: string[] = [];
  for (const folder of tree.manifests.keys()) {
    if (!tree.table.some((rule) => rule.folder === folder)) problems.push(`${folder} has no row in the import table`);
    if (![...tree.modules.keys()].some((path) => path.startsWith(`${folder}/`)))
      problems.push(`${folder} has no modules`);
  }
  for (const [path, imports] of tree.modules) {
    const rule = tree.table.find(({ folder }) => path.startsWith(`${folder}/`));
    if (rule === undefined) problems.push(`${path} belongs to no package of the import table`);
    else for (const imported of imports) problems.push(...importProblems({ tree, rule, path, imported }));
  }
  return problems;
}

interface Edge {
  readonly tree: CheckedTree;
  readonly rule: PackageRule;
  readonly path: string;
  readonly imported: ModuleImport;
}

function importProblems(edge: Edge): string[] {
  const { rule, path, imported } = edge;
  const { specifier } = imported;
  const at = `${path}:${imported.line}`;
  if (specifier === undefined) {
    return path.endsWith(".mjs") ? [] : [`${at} imports a computed name, which nothing can check: name the module`];
  }
  if (isBuiltin(specifier)) return [];
  if (specifier.startsWith(".")) return relativeProblems(edge, normalize(join(dirname(path), specifier)));
  if (specifier.startsWith("/") || specifier.includes(":")) return [`${at} imports ${specifier}: import by name`];
  if (specifier.startsWith("#")) return ownNameProblems(edge, specifier);

  const name = packageName(specifier);
  const problems = declarationProblems(edge, name);
  const target = [...edge.tree.manifests].find(([, manifest]) => manifest.name === name)?.[0];
  if (target === undefined || target === rule.folder) return problems;
  if (target === TEST_TOOLS) {
    if (isTestOnly(path) || rule.folder === "scripts") return problems;
    return [
      ...problems,
      `${at} imports ${name}, which is for tests only (*.test.ts, *.fixture.ts, *.contract.ts, tests/)`,
    ];
  }
  if (rule.mayImport.includes(target)) return problems;
  return [...problems, `${at} imports ${name}, but ${rule.folder} may not: ${rule.because}`];
}

/** A package's own name for one of its files leads nowhere else. */
function ownNameProblems({ tree, rule, path, imported }: Edge, specifier: string): string[] {
  const at = `${path}:${imported.line}`;
  const named = tree.manifests.get(rule.folder)?.imports?.[specifier];
  if (named === undefined) return [`${at} imports ${specifier}, which ${rule.folder}/package.json does not name`];
  const targets = typeof named === "string" ? [named] : Object.values(named);
  return targets
    .filter((target) => !target.startsWith("./"))
    .map((target) => `${at} imports ${specifier}, which names ${target}: name a file of the package`);
}

function relativeProblems({ rule, path, imported }: Edge, target: string): string[] {
  const at = `${path}:${imported.line}`;
  const inside = target.startsWith(`${rule.folder}/`);
  // Scripts run before packages are linked, and tests start the program as a person would: both name its file.
  const program = RUNS_THE_PROGRAM.includes(rule.folder) && target.startsWith("apps/satchel/");
  if (!inside && !program) return [`${at} reaches ${target}, outside its package: import the package by its name`];
  if (isDevelopmentOnly(target) && !isDevelopmentOnly(path))
    return [`${at} imports ${target}, which is for tests only`];
  const problem = serverLayerProblem(path, target);
  return problem === undefined ? [] : [`${at} ${problem}`];
}

function declarationProblems({ tree, rule, path, imported }: Edge, name: string): string[] {
  const own = tree.manifests.get(rule.folder);
  if (own === undefined || own.name === name) return [];
  if (own.dependencies?.[name] !== undefined) return [];
  const shipped = !isDevelopmentOnly(path) && rule.folder !== "scripts" && !imported.typeOnly;
  const development = { ...tree.manifests.get("scripts")?.devDependencies, ...own.devDependencies };
  if (!shipped && development[name] !== undefined) return [];
  // A package without types of its own is declared by the package that has them.
  if (imported.typeOnly && development[`@types/${name}`] !== undefined) return [];
  const where = shipped ? "dependencies" : "dependencies or devDependencies";
  return [`${path}:${imported.line} imports ${name}, which is not in the ${where} of ${rule.folder}/package.json`];
}

/** `@scope/name/part` is of `@scope/name`, `name/part` of `name`. */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function readManifests(): Map<string, Manifest> {
  const read = (path: string): Manifest => JSON.parse(readFileSync(`${repositoryRoot}/${path}`, "utf8")) as Manifest;
  const folders = listRepositoryPaths()
    .filter((path) => /^((packages|apps)\/[^/]+|tests)\/package\.json$/.test(path))
    .map(dirname);
  return new Map([
    ["scripts", read("package.json")],
    ...folders.map((folder) => [folder, read(`${folder}/package.json`)] as const),
  ]);
}

if (import.meta.main) {
  const files = readRepositoryFiles(isCode);
  const modules = new Map(files.map(({ path, text }) => [path, findImports(path, text)]));
  const manifests = readManifests();
  const entries = new Map([...manifests].map(([folder, { name }]) => [name, `${folder}/src/index.ts`]));
  const problems = [
    ...architectureProblems({ table: IMPORT_TABLE, manifests, modules }),
    ...threadProblems({ modules, entries }, THREAD_ENTRIES),
  ];
  report({ name: "architecture", saw: modules.size, atLeast: MIN_MODULES, unit: "modules", problems });
}
