// The simulator: `npm run sim -- --seeds 100` plays so many lives (`--first N`: the seed of the first), `--seed 7` one, with its trace.
import { parseArgs } from "node:util";
import { shrink } from "./shrink.ts";
import { describeFailure, simulate, type Outcome } from "./simulate.ts";

const defaultSeeds = "100";
/** Where the lives begin that have all that can happen. */
const firstSeed = "1000000";
/** After so many failures there is enough to look at. */
const maxFailures = 5;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: defaultSeeds },
    first: { type: "string", default: firstSeed },
    seed: { type: "string" },
  },
});
const [count, first] = [wholeNumber(values.seeds), wholeNumber(values.first)];
process.exitCode = values.seed === undefined ? await playMany(first, count) : await playOne(wholeNumber(values.seed));

async function playOne(seed: number): Promise<number> {
  const outcome = await simulate({ seed, keepTrace: true });
  if (outcome.failure) await explain(outcome);
  else console.log(outcome.trace.join("\n"));
  const verdict = outcome.failure ? "FAILED" : "fine";
  console.log(`seed ${seed}: ${verdict}, ${outcome.events} events, trace ${outcome.traceHash}`);
  return outcome.failure ? 1 : 0;
}

async function playMany(first: number, count: number): Promise<number> {
  const started = performance.now();
  const failed: Outcome[] = [];
  let [events, played] = [0, 0];
  for (let seed = first; seed < first + count && failed.length < maxFailures; seed += 1) {
    const outcome = await simulate({ seed, keepTrace: false });
    events += outcome.events;
    played += 1;
    if (!outcome.failure) continue;
    failed.push(outcome);
    console.error(`seed ${seed}: ${outcome.failure.message}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const speed = (played / seconds).toFixed(1);
  console.log(
    `${played} lives from seed ${first} on, ${events} events, ${seconds.toFixed(1)} s (${speed} a second): ${failed.length} failed`,
  );
  const [example] = failed;
  if (example) await explain(await simulate({ seed: example.seed, keepTrace: true }));
  for (const { seed } of failed) console.error(`Run it again: npm run sim -- --seed ${seed}`);
  return failed.length === 0 ? 0 : 1;
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
