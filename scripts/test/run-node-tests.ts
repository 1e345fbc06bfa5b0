import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@satchel/testkit";
import { repositoryRoot } from "../check/repository-files.ts";
import type { KindSettings } from "./kinds.ts";
import type { FileDuration, TestFailure } from "./outcome-reporter.ts";
import { shareProcesses, writeEntries } from "./shared-processes.ts";

/** What node:test counts. */
export interface TestCounts {
  readonly tests: number;
  readonly suites: number;
  readonly passed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly todo: number;
}

/** What Node made of the sources is kept here: many processes would compile them all again. */
const COMPILE_CACHE = join(repositoryRoot, "node_modules/.cache/node");

export const NO_TESTS: TestCounts = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

/** How one run of node:test ended. */
export interface TestOutcome {
  readonly counts: TestCounts;
  /** Why it is no success; empty for one. */
  readonly problems: readonly string[];
  readonly failures: readonly TestFailure[];
  readonly durations: readonly FileDuration[];
  /** The report, where it was kept back. */
  readonly told: string;
}

export const NOTHING_RAN: TestOutcome = { counts: NO_TESTS, problems: [], failures: [], durations: [], told: "" };

/** Runs test files, showing node:test's own report. Tests that are left out are a problem, however the rest went. */
export async function runNodeTests(options: {
  files: readonly string[];
  settings: KindSettings;
  environment: Readonly<Record<string, string>>;
  /** Without the report. */
  quiet?: boolean;
  /** The report is answered, and not shown: it would be mixed with that of another run. */
  keepsReport?: boolean;
}): Promise<TestOutcome> {
  const { files, settings, environment, quiet = false, keepsReport = false } = options;
  const output = quiet ? "ignore" : "inherit";
  if (files.length === 0) return { ...NOTHING_RAN, problems: ["no test files were found"] };
  await using directory = await temporaryDirectory("outcome");
  const reportPath = directory.join("outcome.json");
  const toldPath = directory.join("told.txt");
  const entries = settings.sharesProcesses ? writeEntries(directory.path, shareProcesses(files)) : files;
  const child = spawn(
    process.execPath,
    [
      "--test",
      `--test-concurrency=${settings.concurrency}`,
      `--test-timeout=${settings.timeoutMs}`,
      "--test-reporter=spec",
      `--test-reporter-destination=${keepsReport ? toldPath : "stdout"}`,
      `--test-reporter=${fileURLToPath(new URL("./outcome-reporter.ts", import.meta.url))}`,
      `--test-reporter-destination=${reportPath}`,
      ...entries,
    ],
    {
      cwd: repositoryRoot,
      stdio: ["ignore", output, output],
      env: { ...neutralEnvironment(), NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    },
  );
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  const report = await readReport(reportPath);
  const counts = { ...NO_TESTS, ...report.counts };
  const problems: string[] = [];
  if (code !== 0)
    problems.push(signal === null ? `${counts.failed + counts.cancelled} tests failed` : `ended by ${signal}`);
  if (counts.tests === 0) problems.push("no tests ran");
  if (counts.skipped + counts.todo > 0)
    problems.push(`${counts.skipped + counts.todo} tests were skipped: none may be`);
  const told = keepsReport ? await readFile(toldPath, "utf8").catch(() => "Nothing was told of this run.") : "";
  return { counts, problems, failures: report.failures, durations: report.durations, told };
}

interface Report {
  readonly counts: Partial<TestCounts>;
  readonly failures: readonly TestFailure[];
  readonly durations: readonly FileDuration[];
}

async function readReport(path: string): Promise<Report> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Report;
  } catch {
    // A run that was killed wrote none; its exit code says so.
    return { counts: {}, failures: [], durations: [] };
  }
}

/** The environment without the person's own Satchel settings, which would point tests at real data. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  const ours = ([name]: [string, unknown]): boolean => name.startsWith("SATCHEL_") && !name.startsWith("SATCHEL_TEST_");
  // node:test marks its own child processes with NODE_TEST_CONTEXT, which would silence a run inside a run.
  return Object.fromEntries(
    Object.entries(process.env).filter((entry) => !ours(entry) && entry[0] !== "NODE_TEST_CONTEXT"),
  );
}
