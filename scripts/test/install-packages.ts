import { spawnSync } from "node:child_process";

/** With what packages are installed; other than the process's own in tests. */
export type InstallEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Installs packages of Debian or Ubuntu, as root or with sudo. Returns whether that worked; its output goes to stderr.
 *
 * @throws when it can't even be tried
 */
export function installPackages(packages: readonly string[], environment: InstallEnvironment = process.env): boolean {
  const asRoot = rootPrefix(environment);
  if (asRoot === undefined) throw new Error("Packages can't be installed without root or sudo.");
  const aptGet = (...words: string[]): boolean => {
    const [command = "", ...rest] = [...asRoot, "apt-get", ...words];
    const env = { ...environment, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(command, rest, { stdio: ["inherit", 2, 2], env }).status === 0;
  };
  const install = (): boolean => aptGet("install", "-y", "-q", "--no-install-recommends", ...packages);
  // A fresh container has no package lists yet, an old one outdated ones.
  return install() || (aptGet("update", "-q") && install());
}

/** What to put before a command to run it as root; undefined where that is impossible. */
function rootPrefix(env: InstallEnvironment): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (process.stdin.isTTY && spawnSync("sudo", ["--version"], { env }).status === 0) return ["sudo"];
  return spawnSync("sudo", ["-n", "true"], { env }).status === 0 ? ["sudo", "-n"] : undefined;
}
