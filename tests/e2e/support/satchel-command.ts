import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a `satchel` command answered. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a `satchel` command is run. */
export interface CommandOptions {
  /** The device's state folder, `$SATCHEL_HOME`. */
  readonly home?: string;
  /** Written to its stdin, which is then closed; empty if left out. */
  readonly input?: string;
  readonly cwd?: string;
  /** After which it is killed and its code is null; 180,000 if left out. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 180_000;
const launcher = fileURLToPath(new URL("../../../apps/satchel/bin/satchel.mjs", import.meta.url));

/** The words that run `satchel` from this checkout, on the Node that runs the test. */
export function satchelCommand(...words: string[]): string[] {
  return [process.execPath, launcher, ...words];
}

/** What a `satchel` process of a test sees of the environment: nothing of the person who runs the tests. */
export function satchelEnvironment(home?: string): Record<string, string> {
  return { NO_COLOR: "1", ...(home === undefined ? {} : { SATCHEL_HOME: home }) };
}

/** Runs a `satchel` command to its end, whatever its exit code. */
export async function runSatchel(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = "", ...rest] = satchelCommand(...words);
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...satchelEnvironment(options.home) },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // A command that reads no input may be gone before it was written.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** The same for a command that must succeed. @throws with all that it said when it does not exit with 0 */
export async function satchel(words: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runSatchel(words, options);
  if (result.code === 0) return result.stdout;
  throw new Error(
    `satchel ${words.join(" ")} exited with ${result.code ?? "a signal"}:\n${result.stdout}${result.stderr}`,
  );
}
