import { spawn, type ChildProcess } from "node:child_process";
import { open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findIsolation, findProgram } from "./isolation.ts";
import { ProgramError } from "./program-error.ts";
import { makePlaces, placesPrefix } from "./program-places.ts";
import { removeLeftovers } from "./remove-leftovers.ts";

/** All that a program may use up for one file. */
export interface ProgramLimits {
  /** Of each of its processes. */
  readonly cpuSeconds: number;
  /** Of each of its processes. */
  readonly memoryBytes: number;
  /** The most that it may write into one file of its folder. */
  readonly fileBytes: number;
  /** The most that is handed to it. */
  readonly inputBytes: number;
  /** The most that is taken of its answer. */
  readonly outputBytes: number;
  readonly wallMs: number;
}

export interface ProgramRun {
  /** By its name on PATH, or where it is. */
  readonly program: string;
  /** The program's words, given where the input lies and a folder of its own. */
  readonly words: (places: { readonly input: string; readonly folder: string }) => readonly string[];
  /** What it works on; it becomes a file, of which no more than the limit is written. */
  readonly input: AsyncIterable<Uint8Array>;
  /** A plain name for it: some programs go by its ending. */
  readonly inputName: string;
  /** The file in its folder that holds its answer; its standard output if left out. */
  readonly outputName?: string;
  /** What it has to read besides the system's programs and libraries: folders or files that are there. */
  readonly reads?: readonly string[];
  readonly limits: ProgramLimits;
  /** Nobody waits for it: what the machine is asked for meanwhile comes first, where there is `nice`. */
  readonly inBackground?: boolean;
  readonly signal?: AbortSignal;
}

const maxComplaintBytes = 2000;
/** Enough to be out of the way, and little enough to get on where a machine is never idle. */
const backgroundNiceness = 5;
/** Now and then it is looked for what servers left that were killed. */
const lookForLeftoversMs = 3600 * 1000;
let lookedAtMs = -Infinity;

/**
 * Has a program of the system work on one file, and answers what it put out. Whatever the file makes of the program, this much holds: it has bounded time, memory and output, a folder of its own that is gone afterwards, nothing of this process's environment, and, where the
 * kernel allows that, no files but the system's programs, no network, and no process that outlives it.
 *
 * @throws ProgramError; what reading the input throws; the signal's reason
 */
export async function runProgram(run: ProgramRun): Promise<Uint8Array> {
  const path = findProgram(run.program);
  if (path === undefined) throw new ProgramError("missing", `${run.program} is not installed`);
  const isolation = await findIsolation();
  if (!isolation) throw new ProgramError("missing", "there is no prlimit, without which no program is run on files");
  await mayRemoveLeftovers();
  const { base, folder, root } = await makePlaces();
  try {
    const input = join(folder, run.inputName);
    await writeInput(input, run);
    run.signal?.throwIfAborted();
    const before = await isolation.wrap(run.limits, { folder, root, reads: [path, ...(run.reads ?? [])] });
    const program = [...before, path, ...run.words({ input, folder })];
    const answer = await execute([...nicely(run), ...program], folder, run);
    return run.outputName === undefined ? answer : await readAnswer(join(folder, run.outputName), run);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

function nicely({ inBackground }: ProgramRun): readonly string[] {
  return inBackground && findProgram("nice") !== undefined ? ["nice", "-n", String(backgroundNiceness)] : [];
}

async function mayRemoveLeftovers(): Promise<void> {
  if (performance.now() - lookedAtMs < lookForLeftoversMs) return;
  lookedAtMs = performance.now();
  await removeLeftovers(tmpdir(), placesPrefix);
}

async function writeInput(path: string, { input, limits, signal }: ProgramRun): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    let sizeBytes = 0;
    for await (const piece of input) {
      signal?.throwIfAborted();
      sizeBytes += piece.length;
      if (sizeBytes > limits.inputBytes)
        throw new ProgramError("input_too_large", `the file is larger than ${limits.inputBytes} bytes`);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
}

async function readAnswer(path: string, { program, limits }: ProgramRun): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new ProgramError("refused", `${program} made nothing`);
  if (found.size > limits.outputBytes) throw tooMuch(program);
  return readFile(path);
}

/** Its words go to no shell. */
async function execute(command: readonly string[], folder: string, run: ProgramRun): Promise<Uint8Array> {
  const [file = "", ...words] = command;
  const { program, limits, signal } = run;
  const env = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", HOME: folder, TMPDIR: folder };
  // In a group of its own, so that all of it can be ended.
  const child = spawn(file, words, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let failure: ProgramError | undefined;
  const end = (error: ProgramError): void => {
    failure ??= error;
    killGroup(child);
  };
  const onAbort = (): void => end(new ProgramError("killed", `${program} was ended`));
  const timer = setTimeout(() => end(new ProgramError("too_long", `${program} took too long`)), limits.wallMs);
  signal?.addEventListener("abort", onAbort);
  try {
    const output = collect(child.stdout, limits.outputBytes, () => end(tooMuch(program)));
    const complaint = collect(child.stderr, maxComplaintBytes, () => {});
    const ended = await untilEnded(child);
    signal?.throwIfAborted();
    if (failure) throw failure;
    if (ended !== 0)
      throw new ProgramError(ended === null ? "killed" : "refused", `${program} failed: ${lastLine(complaint())}`);
    return output();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    killGroup(child);
  }
}

function tooMuch(program: string): ProgramError {
  return new ProgramError("output_too_large", `${program} put out too much`);
}

/** The exit code; null when it was killed, also by a limit. Resolves once its output has ended, too. */
async function untilEnded(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", resolve);
  // A child of its own that holds the pipes open must not hold this up.
  child.once("exit", () => killGroup(child));
  const code = await promise;
  // What is wrapped tells of a signal by a code.
  return code !== null && code > 128 ? null : code;
}

/** Keeps what comes up to the limit, and tells once of more. */
function collect(stream: NodeJS.ReadableStream, limitBytes: number, onTooMuch: () => void): () => Uint8Array {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  stream.on("data", (piece: Buffer) => {
    if (sizeBytes > limitBytes) return;
    sizeBytes += piece.length;
    if (sizeBytes <= limitBytes) pieces.push(piece);
    else onTooMuch();
  });
  return () => Buffer.concat(pieces);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

function lastLine(complaint: Uint8Array): string {
  return Buffer.from(complaint).toString("utf8").trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}
