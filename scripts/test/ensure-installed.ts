import { installPackages, type InstallEnvironment } from "./install-packages.ts";

/** Something that tests need of the system. */
export interface Need {
  /** As a sentence begins with it: "PostgreSQL". */
  readonly name: string;
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
  /** Makes it with what the packages bring, where no package has it; tells whether that worked. Tried before they are installed, too. */
  readonly build?: (environment: InstallEnvironment) => boolean;
  /** What to do where it can't be installed, as a sentence. */
  readonly wayOut: string;
}

/**
 * Makes sure that something is installed: with the system's package manager if it is missing, or built with what that brings.
 *
 * @throws when it can't be had, saying what to do
 */
export function ensureInstalled(need: Need, environment: InstallEnvironment = process.env): void {
  const { name, packages, isThere, build, wayOut } = need;
  if (isThere()) return;
  if (build) {
    console.error(`${name} is missing, and the tests need it: building it, which takes minutes.`);
    if (build(environment) && isThere()) return;
  }
  console.error(`${name} is missing, and the tests need it: installing it with apt-get.`);
  if (!installs(need, environment)) throw new Error(`apt-get could not install ${packages.join(" ")}. ${wayOut}`);
  if (build && !isThere() && !build(environment)) throw new Error(`${name} could not be built. ${wayOut}`);
  if (!isThere()) throw new Error(`${packages.join(" ")} is installed, but was not found. ${wayOut}`);
}

function installs({ packages, wayOut }: Need, environment: InstallEnvironment): boolean {
  try {
    return installPackages(packages, environment);
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)} ${wayOut}`, { cause });
  }
}
