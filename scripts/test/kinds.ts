/** What a test needs besides the code beside it: nothing, services, the whole product, the whole product in a real browser, a simulated world, or the whole product in a world that fails. */
export type TestKind = "unit" | "integration" | "e2e" | "web" | "sim" | "faults";

/** How a kind is run. */
export interface KindSettings {
  /** Test files at a time. */
  readonly concurrency: number;
  /** Whether files share processes: what starts other programs, or looks at its own, has one for each file. */
  readonly sharesProcesses: boolean;
  /** A test that takes longer hangs. */
  readonly timeoutMs: number;
  /** Whether most of their time is waiting for what must not happen: then they go on beside the other kinds. */
  readonly waits: boolean;
  /** Whether tests of this kind may ask for PostgreSQL. */
  readonly needsPostgres: boolean;
  /** Whether tests of this kind may ask for what a server beyond one machine stands on: S3, Redis. */
  readonly needsStack: boolean;
  /** Whether tests of this kind open a real browser. */
  readonly needsBrowser: boolean;
}

export const KINDS: Readonly<Record<TestKind, KindSettings>> = {
  unit: {
    concurrency: 2,
    sharesProcesses: true,
    timeoutMs: 60_000,
    waits: false,
    needsPostgres: false,
    needsStack: false,
    needsBrowser: false,
  },
  integration: {
    concurrency: 2,
    sharesProcesses: false,
    timeoutMs: 180_000,
    waits: false,
    needsPostgres: true,
    needsStack: true,
    needsBrowser: true,
  },
  sim: {
    concurrency: 2,
    sharesProcesses: false,
    timeoutMs: 300_000,
    waits: false,
    needsPostgres: false,
    needsStack: false,
    needsBrowser: false,
  },
  // Two at a time: each starts several processes, and none has them race a clock.
  e2e: {
    concurrency: 2,
    sharesProcesses: false,
    timeoutMs: 1_800_000,
    waits: false,
    needsPostgres: true,
    needsStack: true,
    needsBrowser: true,
  },
  web: {
    concurrency: 2,
    sharesProcesses: false,
    timeoutMs: 900_000,
    waits: false,
    needsPostgres: false,
    needsStack: false,
    needsBrowser: true,
  },
  faults: {
    concurrency: 3,
    sharesProcesses: false,
    timeoutMs: 900_000,
    waits: true,
    needsPostgres: false,
    needsStack: false,
    needsBrowser: false,
  },
};

/** The kind of a test file, by its suffix or its folder; undefined for what is no test. */
export function kindOf(path: string): TestKind | undefined {
  if (!path.endsWith(".test.ts")) return undefined;
  if (path.startsWith("tests/e2e/") || path.endsWith(".e2e.test.ts")) return "e2e";
  if (path.startsWith("tests/web/")) return "web";
  if (path.startsWith("tests/faults/")) return "faults";
  if (path.startsWith("tests/simulation/") || path.endsWith(".sim.test.ts")) return "sim";
  return path.endsWith(".integration.test.ts") ? "integration" : "unit";
}

/** Whether a word of the command line names a kind. */
export function isKind(word: string): word is TestKind {
  return Object.hasOwn(KINDS, word);
}
