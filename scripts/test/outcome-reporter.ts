import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";
import { repositoryRoot } from "../check/repository-files.ts";

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
  const durations: FileDuration[] = [];
  for await (const event of source) {
    if (event.type === "test:fail" && !hasFailedWithin(event.data)) failures.push(failureOf(event.data));
    if (event.type !== "test:summary") continue;
    // Summaries with a file are of that file only.
    const { file, counts, duration_ms: milliseconds } = event.data;
    if (file === undefined) yield JSON.stringify({ counts, failures, durations });
    else durations.push({ file: relative(repositoryRoot, file), seconds: milliseconds / 1000 });
  }
}

/** A suite fails with its tests, which are told of themselves. */
function hasFailedWithin({ details }: Failed): boolean {
  return (details.error as { failureType?: unknown }).failureType === "subtestsFailed";
}

function failureOf({ name, file, line, details }: Failed): TestFailure {
  const reason = inspect(details.error.cause ?? details.error).split("\n");
  return {
    test: name,
    place: file === undefined ? "" : `${relative(repositoryRoot, file)}:${line ?? 1}`,
    reason: reason.slice(0, MAX_REASON_LINES).join("\n"),
  };
}
