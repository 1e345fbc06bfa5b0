import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import envPaths from "env-paths";

/** A device's state on disk: its login, the engine's database, logs. Two homes are two devices. */
export interface Home {
  readonly path: string;
  readonly loginFile: string;
  /** Which folder was synced last, and how it stood. */
  readonly syncFile: string;
  /** What a person decided: what is left out, pauses, limits. */
  readonly controlsFile: string;
  /** Held by the running sync. */
  readonly syncLock: string;
  /** Held while tokens are exchanged. */
  readonly tokenLock: string;
  readonly logs: string;
}

/** `--home`, else `$SATCHEL_HOME`, else the platform's state directory. */
export function findHome(options: { home?: string | undefined; env: NodeJS.ProcessEnv; cwd: string }): Home {
  const path = resolve(options.cwd, options.home || options.env["SATCHEL_HOME"] || stateDirectory());
  return {
    path,
    loginFile: join(path, "login.json"),
    syncFile: join(path, "sync.json"),
    controlsFile: join(path, "controls.json"),
    syncLock: join(path, "sync.lock"),
    tokenLock: join(path, "token.lock"),
    logs: join(path, "logs"),
  };
}

/** Makes the home, closed to other users, where it is missing. */
export async function makeHome(home: Home): Promise<void> {
  await mkdir(home.path, { recursive: true, mode: 0o700 });
}

/** Where a folder is synced when nobody says where. */
export function defaultFolder(): string {
  return join(homedir(), "Satchel");
}

function stateDirectory(): string {
  const paths = envPaths("satchel", { suffix: "" });
  // What env-paths calls `log` is the state directory of the XDG specification; elsewhere state lies with the data.
  return process.platform === "linux" ? paths.log : paths.data;
}
