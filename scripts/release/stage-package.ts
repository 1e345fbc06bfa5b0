import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { plainSource } from "./plain-source.ts";

const repository = join(import.meta.dirname, "../..");
const program = "apps/satchel";
/** Ours that the program consists of. They travel inside of its package, so that one name in the registry is enough. */
const parts = [
  "packages/protocol",
  "packages/chunking",
  "packages/reconcile",
  "packages/merge",
  "packages/api-client",
  "packages/engine",
  "apps/server",
  "apps/cli",
] as const;
/** The built pages; what they are made of is not needed any more. */
const pages = "apps/web";
/** What is for the repository only. */
const notShipped = /\.(test|fixture|contract|bench)\.ts$|\.as$|^generate-/;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly bin?: Record<string, string>;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly dependencies: Record<string, string>;
}

/** Where the web app is built. */
export const builtPages = join(repository, pages, "dist");

/** Lays the package `satchel` out in a new folder, ready for `npm pack`: JavaScript, the built pages, the documentation. */
export function stagePackage(folder: string, from: { readonly pages: string }): Manifest {
  rmSync(folder, { recursive: true, force: true });
  const main = readManifest(program);
  const dependencies: Record<string, string> = {};
  for (const part of parts) {
    const manifest = readManifest(part);
    Object.assign(dependencies, manifest.dependencies);
    stageSources(part, join(folder, "node_modules", manifest.name));
    const { name, version, license, exports, imports } = manifest;
    writeManifest(join(folder, "node_modules", name), { name, version, license, type: "module", exports, imports });
  }
  const web = readManifest(pages);
  const { name, version, license, exports } = web;
  const webFolder = join(folder, "node_modules", name);
  cpSync(from.pages, join(webFolder, "dist"), { recursive: true });
  writeManifest(webFolder, { name, version, license, exports });
  stageSources(program, folder);
  cpSync(join(repository, program, "bin"), join(folder, "bin"), {
    recursive: true,
    filter: (path) => !path.endsWith(".json"),
  });
  makePlain(join(folder, "bin/satchel.mjs"));
  for (const path of ["docs", "README.md", "LICENSE"])
    cpSync(join(repository, path), join(folder, path), { recursive: true });
  Object.assign(dependencies, main.dependencies);
  const manifest = { ...main, dependencies };
  writeManifest(folder, describePackage(manifest));
  return manifest;
}

function describePackage({ name, version, license, bin, dependencies }: Manifest) {
  const isOurs = (dependency: string): boolean => dependency.startsWith("@satchel/");
  return {
    name,
    version,
    description: "A folder that is the same on every device, through a server of your own",
    license,
    type: "module",
    bin,
    engines: { node: ">=20" },
    dependencies,
    bundleDependencies: Object.keys(dependencies).filter(isOurs),
    // For older Nodes; whoever has the one of today does without.
    optionalDependencies: readManifest(".").dependencies,
  };
}

function stageSources(part: string, target: string): void {
  const source = join(repository, part, "src");
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || notShipped.test(entry.name)) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(target, "src", from.slice(source.length + 1).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(to), { recursive: true });
    if (entry.name.endsWith(".ts")) writeFileSync(to, plainSource(readFileSync(from, "utf8")));
    else cpSync(from, to);
  }
}

/** Plain JavaScript that names sources. */
function makePlain(path: string): void {
  writeFileSync(path, plainSource(readFileSync(path, "utf8")), { mode: 0o755 });
}

function readManifest(part: string): Manifest {
  return JSON.parse(readFileSync(join(repository, part, "package.json"), "utf8")) as Manifest;
}

/** With the sources' names as they are now. */
function writeManifest(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(manifest, undefined, 2).replaceAll(/("\.\/src\/[^"]+)\.ts"/g, '$1.js"');
  writeFileSync(join(folder, "package.json"), `${text}\n`);
}
