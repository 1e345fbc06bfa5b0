// The simulator: `npm run sim -- --seeds 100` plays so many lives (`--first N`: the seed of the first; `--workers N`: in so many threads), `--seed 7` one, with its trace;
// `--mutations` shows which planted faults it finds.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { findMutations } from "./mutations/find-mutations.ts";
import { playMany } from "./play-many.ts";
import { shrink } from "./shrink.ts";
import { describeFailure, simulate, type Outcome } from "./simulate.ts";

// What a life makes goes when it ends: with the memory for what is young that there is otherwise (16 MiB), copying it to and fro is a sixth of the work. Threads have it from here.
setFlagsFromString("--max-semi-space-size=32");

const defaultSeeds = "100";
/** Where the lives begin that have all that can happen. */
const firstSeed = "4000000";
/** Fewer lives are played faster than threads begin. */
const seedsForThreads = 500;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    first: { type: "string", default: firstSeed },
    seed: { type: "string" },
    workers: { type: "string" },
    mutations: { type: "boolean", default: false },
  },
});
const first = wholeNumber(values.first);
if (values.mutations) process.exitCode = await findMutations({ first, maxSeeds: wholeNumber(values.seeds ?? "10000") });
else if (values.seed !== undefined) process.exitCode = await playOne(wholeNumber(values.seed));
else process.exitCode = await play(wholeNumber(values.seeds ?? defaultSeeds));

async function playOne(seed: number): Promise<number> {
  const outcome = await simulate({ seed, keepTrace: true });
  if (outcome.failure) await explain(outcome);
  else console.log(outcome.trace.join("\n"));
  const verdict = outcome.failure ? "FAILED" : "fine";
  console.log(`seed ${seed}: ${verdict}, ${outcome.events} events, trace ${outcome.traceHash}`);
  return outcome.failure ? 1 : 0;
}

async function play(count: number): Promise<number> {
  const started = performance.now();
  const before = process.cpuUsage();
  const workers = values.workers === undefined ? threadsFor(count) : Math.max(1, wholeNumber(values.workers));
  const onFailed = (seed: number, message: string): void => console.error(`seed ${seed}: ${message}`);
  const { played, events, failed } = await playMany({ first, count, workers, onFailed });
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(before);
  const perCpuSecond = (played / ((cpu.user + cpu.system) / 1e6)).toFixed(1);
  console.log(
    `${played} lives from seed ${first} on, ${events} events, ${seconds.toFixed(1)} s (${(played / seconds).toFixed(1)} a second, ${perCpuSecond} a second of CPU): ${failed.length} failed`,
  );
  const [example] = failed;
  if (example) await explain(await simulate({ seed: example.seed, keepTrace: true }));
  for (const { seed } of failed) console.error(`Run it again: npm run sim -- --seed ${seed}`);
  return failed.length === 0 ? 0 : 1;
}

function threadsFor(count: number): number {
  return count < seedsForThreads ? 1 : availableParallelism();
}

/** Prints the failure, and the shortest life that fails still. */
async function explain(outcome: Outcome): Promise<void> {
  console.error(describeFailure(outcome));
  const shorter = await shrink(outcome);
  if (shorter.failure === undefined || shorter.operations.length === outcome.operations.length) return;
  console.error(`\nOf its ${outcome.operations.length} operations, these ${shorter.operations.length} are enough:\n`);
  console.error(describeFailure(shorter));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`A whole number is needed, not ${text}.`);
  process.exit(2);
}
