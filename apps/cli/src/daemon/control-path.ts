import { hash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Home } from "../home/home.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";

/** Longest path of a Unix domain socket, in bytes: 104 on macOS, 108 on Linux, less the NUL at its end. */
const maxSocketPathBytes = 103;

/**
 * Where the running sync of a home listens: in the home, or, where that path is too long for a socket, in a directory of the user's own under the
 * system's directory for such things, by a hash of the home's path. A named pipe on Windows.
 */
export async function controlPath(home: Home, env: NodeJS.ProcessEnv): Promise<string> {
  const shortName = hash("sha256", home.path, "hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\satchel-${shortName}`;
  const inHome = join(home.path, "daemon.sock");
  if (Buffer.byteLength(inHome) <= maxSocketPathBytes) return inHome;
  for (const base of [env["XDG_RUNTIME_DIR"], tmpdir(), "/tmp"]) {
    if (!base) continue;
    const directory = join(base, `satchel-${process.getuid?.() ?? 0}`);
    const path = join(directory, `${shortName}.sock`);
    if (Buffer.byteLength(path) > maxSocketPathBytes) continue;
    await makeOwnDirectory(directory);
    return path;
  }
  throw new CommandError(exitCode.failed, "The path of the home is too long: choose a shorter one with --home.");
}

/** In a directory that everybody may write to, somebody else could have been first. */
async function makeOwnDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {
    throw new CommandError(
      exitCode.failed,
      `${path} belongs to somebody else or is open to others: remove it, or choose a shorter path with --home.`,
    );
  }
}
