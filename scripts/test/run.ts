// Runs tests by kind: `node scripts/test/run.ts [unit] [integration] [sim] [e2e] [web] [faults] [--seeds N]`; without a kind, all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { goesWithout, SHARED_POSTGRES_VARIABLE, startPostgres, TEST_EFFORT_VARIABLE } from "@satchel/testkit";
import { listRepositoryPaths, repositoryRoot } from "../check/repository-files.ts";
import { ensureWebApp } from "../build-web.mjs";
import { ensureInstalled } from "./ensure-installed.ts";
import { isKind, KINDS, kindOf, type TestKind } from "./kinds.ts";
import {
  archives,
  browser,
  haproxy,
  keyServices,
  malware,
  media,
  pdf,
  postgres as postgresNeed,
  proxies,
  redis,
  s3,
  shells,
  webdav,
} from "./needs.ts";
import type { FileDuration, TestFailure } from "./outcome-reporter.ts";
import { NO_TESTS, NOTHING_RAN, runNodeTests, type TestCounts, type TestOutcome } from "./run-node-tests.ts";

/** How many times more than the fast loop a run of all kinds tries in randomised tests. */
const FULL_EFFORT = "5";
/** Worlds that `npm test` plays; each takes about a tenth of a second. */
const DEFAULT_SEEDS = "300";
const SLOWEST_SHOWN = 15;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: "string" } } });
process.exitCode = await run(positionals, values.seeds ?? DEFAULT_SEEDS);

async function run(words: readonly string[], seeds: string): Promise<number> {
  const unknown = words.filter((word) => !isKind(word));
  if (unknown.length > 0) {
    console.error(`No such kind of test: ${unknown.join(", ")}. There are ${Object.keys(KINDS).join(", ")}.`);
    return 2;
  }
  const wanted = words.length === 0 ? (Object.keys(KINDS) as TestKind[]) : words.filter(isKind);
  // What is left out is said at the end.
  const kinds = wanted.filter((kind) => kind !== "web" || !goesWithout("browser"));
  if (kinds.includes("integration") && !goesWithout("shells")) ensureInstalled(shells);
  if (kinds.some((kind) => ["integration", "web"].includes(kind)) && !goesWithout("media")) ensureInstalled(media);
  if (kinds.includes("integration") && !goesWithout("malware")) ensureInstalled(malware);
  if (kinds.includes("integration") && !goesWithout("keys")) ensureInstalled(keyServices);
  if (kinds.includes("integration") && !goesWithout("pdf")) ensureInstalled(pdf);
  if (kinds.some((kind) => KINDS[kind].needsBrowser) && !goesWithout("archives")) ensureInstalled(archives);
  if (kinds.includes("e2e") && !goesWithout("webdav")) ensureInstalled(webdav);
  if (kinds.includes("e2e") && !goesWithout("proxies")) ensureInstalled(proxies);
  const inBrowser = kinds.some((kind) => KINDS[kind].needsBrowser) && !goesWithout("browser");
  if (inBrowser) ensureInstalled(browser);
  if (kinds.includes("web")) ensureWebApp();
  if (kinds.some((kind) => KINDS[kind].needsStack)) {
    if (!goesWithout("s3")) ensureInstalled(s3);
    if (!goesWithout("redis")) ensureInstalled(redis);
    if (!goesWithout("haproxy")) ensureInstalled(haproxy);
  }
  await using postgres = await sharedPostgres(kinds);
  const effort = process.env[TEST_EFFORT_VARIABLE] ?? (words.length === 0 ? FULL_EFFORT : "1");
  const environment: Record<string, string> = {
    [TEST_EFFORT_VARIABLE]: effort,
    ...(postgres && { [SHARED_POSTGRES_VARIABLE]: postgres.url }),
  };

  const paths = listRepositoryPaths();
  // What mostly waits goes on beside the others, and is told of when it has ended.
  const [beside, inTurn] = [
    kinds.filter((kind) => isBeside(kind, kinds)),
    kinds.filter((kind) => !isBeside(kind, kinds)),
  ];
  const files = (kind: TestKind): string[] => paths.filter((path) => kindOf(path) === kind);
  const waiting = beside.map((kind) => runKind({ kind, files: files(kind), environment, seeds, toldAtEnd: true }));
  const runs: TestOutcome[] = [];
  for (const kind of inTurn) runs.push(await runKind({ kind, files: files(kind), environment, seeds }));
  for (const ran of await Promise.all(waiting)) {
    console.log(ran.told);
    runs.push(ran);
  }
  const problems = runs.flatMap((ran) => ran.problems);
  const failures = runs.flatMap((ran) => ran.failures);
  const total = runs.reduce((counted, { counts }) => sum(counted, counts), NO_TESTS);
  printSlowest(runs.flatMap(({ durations }) => durations));
  printTotals(total);
  if (goesWithout("postgres")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test on PostgreSQL");
  if (goesWithout("s3")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test on S3");
  if (goesWithout("redis")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test on Redis");
  if (goesWithout("keys")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test with a real key service");
  if (goesWithout("browser")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test in a browser");
  if (goesWithout("shells")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: completion in zsh and fish");
  if (goesWithout("archives")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: archives in other programs");
  if (goesWithout("proxies")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: reverse proxies in front");
  if (goesWithout("webdav")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: WebDAV by other programs");
  if (goesWithout("pdf")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: texts of PDF files");
  if (goesWithout("media")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: pictures of films, pages and HEIC");
  if (goesWithout("malware")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: a real scanner of malware");
  if (goesWithout("mount")) console.log("\nLEFT OUT, as SATCHEL_TEST_WITHOUT says: every test on a disk of its own");
  printFailures(failures);
  for (const problem of problems) console.error(`FAILED ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

/** Of the other kinds, every test waits for the processor. Alone, a kind is told of as it runs. */
function isBeside(kind: TestKind, kinds: readonly TestKind[]): boolean {
  return KINDS[kind].waits && kinds.length > 1;
}

async function runKind(run: {
  kind: TestKind;
  files: readonly string[];
  environment: Readonly<Record<string, string>>;
  seeds: string;
  toldAtEnd?: boolean;
}): Promise<TestOutcome> {
  const { kind, files, environment, seeds, toldAtEnd = false } = run;
  const title = `\n${kind} tests, ${files.length} files`;
  console.log(toldAtEnd ? `${title}, beside the others and told of at their end` : title);
  // The simulation is a program; tests of that kind beside it are welcome, but not required.
  const ran =
    kind === "sim" && files.length === 0
      ? NOTHING_RAN
      : await runNodeTests({ files, settings: KINDS[kind], environment, keepsReport: toldAtEnd });
  const problems = ran.problems.map((problem) => `${kind}: ${problem}`);
  if (kind === "sim") problems.push(...(await simulate(seeds)));
  return { ...ran, problems };
}

/** One server for all test files: starting it takes longer than most tests. */
async function sharedPostgres(
  kinds: readonly TestKind[],
): Promise<Awaited<ReturnType<typeof startPostgres>> | undefined> {
  if (!kinds.some((kind) => KINDS[kind].needsPostgres)) return undefined;
  if (goesWithout("postgres")) {
    console.log("LEFT OUT, as SATCHEL_TEST_WITHOUT says: every test on PostgreSQL\n");
    return undefined;
  }
  ensureInstalled(postgresNeed);
  return startPostgres();
}

async function simulate(seeds: string): Promise<string[]> {
  const program = join(repositoryRoot, "tests/simulation/run.ts");
  const child = spawn(process.execPath, [program, "--seeds", seeds], { cwd: repositoryRoot, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0 ? [] : [`sim: the simulation of ${seeds} seeds failed`];
}

function sum(a: TestCounts, b: TestCounts): TestCounts {
  const keys = Object.keys(a) as (keyof TestCounts)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as TestCounts;
}

/** All kinds together, in node:test's own words. */
function printTotals(counts: TestCounts): void {
  const { tests, suites, passed, failed, cancelled, skipped, todo } = counts;
  console.log("\nAll kinds together:");
  for (const [word, count] of Object.entries({ tests, suites, pass: passed, fail: failed, cancelled, skipped, todo })) {
    console.log(`ℹ ${word} ${count}`);
  }
}

/** Where time is to be had. */
function printSlowest(durations: readonly FileDuration[]): void {
  const slowest = durations.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_SHOWN);
  console.log("\nThe slowest files, each beside others:");
  for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
}

/** Once more at the end, whole: what comes before it may be thousands of lines long. */
function printFailures(failures: readonly TestFailure[]): void {
  for (const { test, place, reason } of failures) console.error(`\n✖ ${test}\n  ${place}\n${reason}\n`);
}
