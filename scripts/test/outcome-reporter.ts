import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";
import { repositoryRoot } from "../check/repository-files.ts";
import { filesOfEntry } from "./shared-processes.ts";

/** The most lines of a failure's reason: enough for what differs and for where it was found. */
const MAX_REASON_LINES = 40;

/** A test that failed. */
export interface TestFailure {
  readonly test: string;
  /** The file, below the repository, and the line. */
  readonly place: string;
  /** What was thrown, with its stack and its cause, cut to its first lines. */
  readonly reason: string;
}

/** How long a test file took. */
export interface FileDuration {
  /** Below the repository. */
  readonly file: string;
  readonly seconds: number;
}

type Failed = Extract<TestEvent, { type: "test:fail" }>["data"];

/** A reporter for node:test that writes the totals of the run, its failures and how long each file took as JSON, and nothing else. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter as a module's default export
export default async function* outcomeReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: TestFailure[] = [];
  const seconds = new Map<string, number>();
  const took = (file: string, milliseconds: number): void => {
    const name = relative(repositoryRoot, file);
    seconds.set(name, (seconds.get(name) ?? 0) + milliseconds / 1000);
  };
  for await (const event of source) {
    if (event.type === "test:fail" && !hasFailedWithin(event.data)) failures.push(failureOf(event.data));
    // Of a process that files share, the tests tell how long each of them took.
    if ((event.type === "test:pass" || event.type === "test:fail") && isOfSharedProcess(event.data))
      took(event.data.file ?? "", event.data.details.duration_ms);
    if (event.type !== "test:summary") continue;
    // Summaries with a file are of that file only.
    const { file, counts, duration_ms: milliseconds } = event.data;
    if (file !== undefined && filesOfEntry(file) === undefined) took(file, milliseconds);
    if (file !== undefined) continue;
    const durations = Array.from(seconds, ([name, each]): FileDuration => ({ file: name, seconds: each }));
    yield JSON.stringify({ counts, failures, durations });
  }
}

function isOfSharedProcess(test: { nesting: number; file?: string; entryFile?: string }): boolean {
  const { nesting, file, entryFile } = test;
  return nesting === 0 && file !== undefined && entryFile !== undefined && filesOfEntry(entryFile) !== undefined;
}

/** A suite fails with its tests, which are told of themselves. */
function hasFailedWithin({ details }: Failed): boolean {
  return (details.error as { failureType?: unknown }).failureType === "subtestsFailed";
}

function failureOf({ name, file, line, details }: Failed): TestFailure {
  const reason = inspect(details.error.cause ?? details.error).split("\n");
  const shared = file === undefined ? undefined : filesOfEntry(file);
  if (shared !== undefined) reason.unshift("One of these files broke off its process, see above:", ...shared);
  return {
    test: name,
    place: file === undefined ? "" : `${relative(repositoryRoot, file)}:${line ?? 1}`,
    reason: reason.slice(0, MAX_REASON_LINES).join("\n"),
  };
}
