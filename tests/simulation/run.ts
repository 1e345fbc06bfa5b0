// The simulator: `npm run sim -- --seeds 100` plays so many lives, `--seed 7` one, with its trace; `--first N` is where the seeds begin.
import { parseArgs } from "node:util";
import { describeFailure, simulate } from "./simulate.ts";

const defaultSeeds = 100;
const maxFailures = 5;

const { values } = parseArgs({
  options: { seeds: { type: "string" }, seed: { type: "string" }, first: { type: "string" } },
});

process.exitCode = values.seed === undefined ? await playMany() : await playOne(Number(values.seed));

async function playOne(seed: number): Promise<number> {
  const outcome = await simulate({ seed, keepTrace: true });
  console.log(outcome.failure ? describeFailure(outcome) : outcome.trace.join("\n"));
  console.log(`seed ${seed}: ${outcome.failure ? "FAILED" : "fine"}, ${outcome.events} events, trace ${outcome.traceHash}`);
  return outcome.failure ? 1 : 0;
}

async function playMany(): Promise<number> {
  const first = Number(values.first ?? 1);
  const count = Number(values.seeds ?? defaultSeeds);
  const started = performance.now();
  const failed: number[] = [];
  let [events, played] = [0, 0];
  for (let seed = first; seed < first + count && failed.length < maxFailures; seed += 1) {
    const outcome = await simulate({ seed, keepTrace: false });
    events += outcome.events;
    played += 1;
    if (!outcome.failure) continue;
    failed.push(seed);
    console.error(`seed ${seed}: ${outcome.failure.message}`);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(`${played} lives from seed ${first} on, ${events} events, ${seconds.toFixed(1)} s (${(played / seconds).toFixed(1)} a second): ${failed.length} failed`);
  for (const seed of failed) console.error(`Run it again: npm run sim -- --seed ${seed}`);
  return failed.length === 0 ? 0 : 1;
}
