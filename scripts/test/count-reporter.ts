import type { TestEvent } from "node:test/reporters";

/** A reporter for node:test that writes the totals of the run as JSON, and nothing else. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter as a module's default export
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    // Summaries with a file are of that file only.
    if (event.type === "test:summary" && event.data.file === undefined) yield JSON.stringify(event.data.counts);
  }
}
