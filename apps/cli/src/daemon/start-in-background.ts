import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Home } from "../home/home.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { ExitCode } from "../output/exit-code.ts";
import { connectControl } from "./control-client.ts";
import { controlPath } from "./control-path.ts";

/** How long a sync may take to come up. */
const upWithinMs = 30_000;
const lookEveryMs = 50;

export interface BackgroundStart {
  readonly home: Home;
  readonly folder: string;
  /** Merge it with the server as at the first time. */
  readonly anew: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** How this program is started: the executable and the arguments before the command's own. */
  readonly program: readonly [string, ...string[]];
}

/** Starts a sync that outlives this process, and returns its process id when it answers. @throws CommandError with its own reason when it doesn't come up */
export async function startInBackground(start: BackgroundStart): Promise<number> {
  await mkdir(start.home.logs, { recursive: true, mode: 0o700 });
  const path = await controlPath(start.home, start.env);
  if (await isListening(path)) {
    throw new CommandError(
      exitCode.failed,
      "A sync of this home is running already: `satchel stop` ends it, --home names another one.",
    );
  }
  const outputPath = join(start.home.logs, "start.log");
  const child = await spawnDetached(start, outputPath);
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? exitCode.failed));
    child.once("error", () => resolve(exitCode.failed));
  });
  const code = await Promise.race([ended, untilListening(path)]);
  child.unref();
  if (code === "listening") return child.pid ?? 0;
  const reason = (await readFile(outputPath, "utf8")).trim().split("\n").at(-1);
  if (code === "late") {
    child.kill("SIGTERM");
    throw new CommandError(
      exitCode.failed,
      `The sync did not come up within ${upWithinMs / 1000} s: ${start.home.logs} says more.`,
    );
  }
  throw new CommandError(
    code === 0 ? exitCode.failed : (code as ExitCode),
    reason || `The sync ended at once: ${start.home.logs} says more.`,
  );
}

/** Its standard output and error go to a file, since nobody reads them once this process has ended. */
async function spawnDetached(start: BackgroundStart, outputPath: string): Promise<ChildProcess> {
  const output = await open(outputPath, "w", 0o600);
  try {
    const [executable, ...first] = start.program;
    const anew = start.anew ? ["--anew"] : [];
    const commandLine = [...first, "sync", start.folder, ...anew, "--home", start.home.path, "--background"];
    return spawn(executable, commandLine, {
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      env: start.env,
      cwd: "/",
    });
  } finally {
    await output.close();
  }
}

async function untilListening(path: string): Promise<"listening" | "late"> {
  for (let waitedMs = 0; waitedMs < upWithinMs; waitedMs += lookEveryMs) {
    if (await isListening(path)) return "listening";
    await sleep(lookEveryMs, undefined, { ref: false });
  }
  return "late";
}

async function isListening(path: string): Promise<boolean> {
  const control = await connectControl(path);
  control?.close();
  return control !== undefined;
}
