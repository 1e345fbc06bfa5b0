import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a short program ended. */
export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. Undefined if it is not installed. */
export async function tryProgram(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramResult | undefined> {
  const [program = "", ...words] = command;
  const child = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  } catch {
    return undefined;
  }
}

/** Runs a program that must succeed, and returns its output. @throws otherwise */
export async function runProgram(
  command: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const result = await tryProgram(command, environment);
  if (result?.code === 0) return result.output;
  throw new Error(`${command.join(" ")} failed: ${result?.output ?? "it is not installed"}`);
}

/** The first line of what a program says about its version; undefined if it is not installed. */
export async function findVersion(command: readonly string[]): Promise<string | undefined> {
  const result = await tryProgram(command);
  return result?.output.split("\n", 1)[0]?.trim();
}
