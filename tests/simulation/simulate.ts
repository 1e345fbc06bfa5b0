import { seededRandom } from "@satchel/testkit";
import { BrokenPromiseError } from "./checks/broken-promise.ts";
import { describeOperation, drawOperations, type Operation } from "./work/operations.ts";
import { drawLife } from "./world/life.ts";
import { Scheduler } from "./world/scheduler.ts";
import { Trace } from "./world/trace.ts";
import { World } from "./world/world.ts";

/** More than any life needs; beyond it something goes round in circles. */
const maxEvents = 400_000;

export interface Outcome {
  readonly seed: number;
  readonly traceHash: string;
  readonly events: number;
  readonly operations: readonly Operation[];
  readonly failure: Error | undefined;
  /** Empty unless it was to be kept. */
  readonly trace: readonly string[];
}

export interface SimulateOptions {
  readonly seed: number;
  /** Keeps the lines of the trace. */
  readonly keepTrace: boolean;
  /** Instead of those that the seed would choose. */
  readonly operations?: readonly Operation[];
}

/** Lives one life from a seed: devices and a server, people who work, faults; then calm, and a look whether every promise was kept. Never rejects. */
export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const random = seededRandom(options.seed);
  const scheduler = new Scheduler({ random: random.fork("schedule"), maxEvents });
  const trace = new Trace({ elapsedMs: () => scheduler.elapsedMs, keep: options.keepTrace });
  const life = drawLife(options.seed, random.fork("life"));
  const operations =
    options.operations ?? drawOperations(random.fork("operations"), { ...life, count: life.operations });
  let failure: Error | undefined;
  const world = new World({ seed: options.seed, scheduler, trace, life });
  try {
    await scheduler.play(world.live(operations));
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    for (const line of world.describe()) trace.add("state", line);
    trace.add("world", `fails: ${failure.message}`);
  } finally {
    await world.close();
  }
  return {
    seed: options.seed,
    traceHash: trace.digest(),
    events: scheduler.events,
    operations,
    failure,
    trace: trace.lines,
  };
}

/** How to look at the operations of a failure, and how to run it again. */
export function describeFailure({ seed, failure, operations, trace }: Outcome): string {
  const head = [
    `seed ${seed}: ${failure?.message ?? "fine"}`,
    "",
    ...(failure instanceof BrokenPromiseError ? [] : [failure?.stack ?? ""]),
  ];
  const list = operations.map((operation) => `  ${describeOperation(operation)},`);
  return [
    ...head,
    "Operations:",
    ...list,
    "",
    "Trace:",
    ...trace,
    "",
    `Run it again: npm run sim -- --seed ${seed}`,
  ].join("\n");
}
