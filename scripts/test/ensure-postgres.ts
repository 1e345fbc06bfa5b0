import { spawnSync } from "node:child_process";
import { postgresBinaries } from "@satchel/testkit";

/**
 * Makes sure that PostgreSQL is installed, with the system's package manager if it is missing.
 *
 * @throws when it can't be had, saying what to do
 */
export function ensurePostgres(): void {
  if (postgresBinaries() !== undefined) return;
  console.error("PostgreSQL is missing, and the tests need it: installing it with apt-get.");
  const asRoot = rootPrefix();
  if (asRoot === undefined) throw new Error(`PostgreSQL can't be installed without root or sudo. ${WAYS_OUT}`);
  const aptGet = (...words: string[]): boolean => {
    const [command = "", ...rest] = [...asRoot, "apt-get", ...words];
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(command, rest, { stdio: ["inherit", 2, 2], env: environment }).status === 0;
  };
  const install = (): boolean => aptGet("install", "-y", "-q", "--no-install-recommends", "postgresql");
  // A fresh container has no package lists yet, an old one outdated ones.
  if (!install() && !(aptGet("update", "-q") && install()))
    throw new Error(`apt-get could not install it. ${WAYS_OUT}`);
  if (postgresBinaries() === undefined)
    throw new Error(`It is installed, but its programs were not found. ${WAYS_OUT}`);
}

const WAYS_OUT =
  "Install PostgreSQL yourself (its bin folder on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=postgres npm test";

/** What to put before a command to run it as root; undefined where that is impossible. */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (process.stdin.isTTY && spawnSync("sudo", ["--version"]).status === 0) return ["sudo"];
  return spawnSync("sudo", ["-n", "true"]).status === 0 ? ["sudo", "-n"] : undefined;
}
