// Plain JavaScript for any Node from 20 on: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Installs what the lockfile says, unless it is installed already. Ends the process if that fails.
 * Everything it has to say goes to stderr.
 */
export function ensureInstalled() {
  if (isInstalled()) return;
  process.stderr.write("Installing what Satchel needs. This happens once and takes about a minute.\n");
  const npm = npmCommand();
  const result = spawnSync(npm[0], [...npm.slice(1), "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) {
    const reason = result.error === undefined ? "see the lines above" : result.error.message;
    process.stderr.write(`\`npm ci\` failed (${reason}). Is the package registry reachable? Run it again to retry.\n`);
    process.exit(1);
  }
  if (!existsSync(ownNode())) {
    process.stderr.write(
      "`npm ci` brought no Node: install scripts are off. Run `npm rebuild node --ignore-scripts=false`.\n",
    );
    process.exit(1);
  }
}

/**
 * Whether every package of the lockfile is there in its version. npm writes its list of what is installed
 * last, so an interrupted install has none. Comparing contents and not times, a fresh `git checkout`, which
 * touches the lockfile, costs no new install.
 */
function isInstalled() {
  if (!existsSync(ownNode())) return false;
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (!path.includes("node_modules/")) return true;
    const found = present[path];
    if (found === undefined) return optional === true || devOptional === true || peer === true;
    return found.version === version;
  });
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @param {string} lockfile
 * @returns {Record<string, LockedPackage>} by path; empty when there is no such file
 */
function packagesIn(lockfile) {
  try {
    const content = /** @type {{ packages?: Record<string, LockedPackage> }} */ (
      JSON.parse(readFileSync(lockfile, "utf8"))
    );
    return content.packages ?? {};
  } catch {
    return {};
  }
}

function ownNode() {
  return join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/**
 * The npm that started us, if one did: a machine may have several.
 * @returns {[string, ...string[]]}
 */
function npmCommand() {
  const path = process.env["npm_execpath"];
  return path !== undefined && /npm-cli\.c?js$/.test(path) ? [process.execPath, path] : ["npm"];
}
