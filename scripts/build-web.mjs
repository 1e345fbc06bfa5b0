// Builds the web app if it isn't built from what lies here now. Plain JavaScript for any Node from 20 on.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const app = join(root, "apps/web");
/** Says which sources the build was made of. */
const stampPath = join(app, "dist/.built-from");
/** What goes into the build. */
const sources = ["apps/web", "packages/protocol", "packages/chunking", "packages/api-client", "package-lock.json"];
const notSources = new Set(["node_modules", "dist"]);

/** Ends the process if the build fails. What it has to say goes to stderr. */
export function ensureWebApp() {
  const stamp = stampOfSources();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return;
  process.stderr.write("Building the web app. This happens after each change of it and takes some seconds.\n");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const node = join(root, "node_modules/node/bin/node");
  const result = spawnSync(node, [vite, "build", "--logLevel", "error"], { cwd: app, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) {
    process.stderr.write("The web app could not be built; the lines above say why.\n");
    process.exit(1);
  }
  writeFileSync(stampPath, stamp);
}

/** A hash of every source's path and content: times would tell of changes after each checkout. */
function stampOfSources() {
  const hash = createHash("sha256");
  for (const path of sources.flatMap(filesBelow))
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (path.endsWith(".json")) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter(({ name }) => !notSources.has(name) && !name.includes(".test."))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort();
}
