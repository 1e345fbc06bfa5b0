// `npm run bench`: Satchel beside cp and the peers that are installed, on the same data, in one run.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { System } from "./adapters/adapter.ts";
import { enterNetworkNamespace } from "./isolation.ts";
import type { Sample } from "./measure/sample.ts";
import { describeThreads } from "./measure/threads.ts";
import { parseOptions, usage, type BenchOptions } from "./options.ts";
import { formatTables } from "./report/tables.ts";
import { formatBytes, formatTime, median } from "./report/units.ts";
import { playBigFile } from "./scenarios/big-file.ts";
import { playJoin } from "./scenarios/join.ts";
import { playManyFiles } from "./scenarios/many-files.ts";
import type { ScenarioId } from "./scenarios/scenario-ids.ts";
import { NotInTime, withSession, type Session } from "./scenarios/session.ts";
import { playSmallFiles } from "./scenarios/small-files.ts";

/** Scenarios that are played one after the other in the same folders. */
const plays: readonly { scenarios: readonly ScenarioId[]; play: (session: Session) => Promise<void> }[] = [
  { scenarios: ["s1", "s4", "s5", "s7"], play: playBigFile },
  { scenarios: ["s2", "s3", "s6", "s9"], play: playSmallFiles },
  { scenarios: ["s8"], play: playManyFiles },
  { scenarios: ["s8"], play: playJoin },
];

const options = readCommandLine();
if (options !== undefined) {
  const isolated = enterNetworkNamespace();
  await runBenchmark(options, isolated);
}

async function runBenchmark(options: BenchOptions, isolated: boolean): Promise<void> {
  const measured = await installedSystems(options.systems);
  const samples: Sample[] = [];
  const problems: string[] = [];
  // Run by run, so that what drifts on the machine meets every system alike.
  for (let run = 1; run <= options.runs; run += 1) {
    for (const { scenarios, play } of plays) {
      if (!scenarios.some((scenario) => options.scenarios.has(scenario))) continue;
      for (const { system } of measured) {
        const onSample = (sample: Sample): void => {
          samples.push(sample);
          console.error(describeSample(sample));
          for (const line of describeThreads(sample.usage.threads ?? [])) console.error(line);
        };
        await playOne({ ...options, onSample }, { system, run, play }, problems);
      }
    }
  }
  const described = Object.fromEntries(measured.map(({ system, version }) => [system.name, version]));
  report({ options, isolated, described, samples, problems });
  if (problems.length > 0) process.exitCode = 1;
}

async function playOne(
  options: Parameters<typeof withSession>[0],
  session: Parameters<typeof withSession>[1],
  problems: string[],
): Promise<void> {
  try {
    await withSession(options, session);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`${session.system.name}: ${message}`);
    // What is too slow is a result; anything else is a failure of the run.
    if (!(error instanceof NotInTime) || session.system.name === "satchel") {
      problems.push(`${session.system.name}: ${message}`);
    }
  }
}

async function installedSystems(wanted: readonly System[]): Promise<{ system: System; version: string }[]> {
  const found: { system: System; version: string }[] = [];
  for (const system of wanted) {
    const version = await system.describe();
    if (version === undefined) console.error(`${system.name} is not installed: left out`);
    else found.push({ system, version });
  }
  return found;
}

function describeSample({ system, row, run, timesMs, notWithinMs, usage }: Sample): string {
  const time = timesMs.length === 0 ? `not in ${formatTime(notWithinMs ?? 0)}` : formatTime(median(timesMs));
  const used = `${usage.cpuSeconds.toFixed(2)} CPU s, ${formatBytes(usage.wireBytes)} on the wire, ${formatBytes(usage.peakBytes)}`;
  return `${system} ${row}, run ${run}: ${time}, ${used}, others ${usage.otherCores.toFixed(1)} cores`;
}

function report(result: {
  options: BenchOptions;
  isolated: boolean;
  described: Record<string, string>;
  samples: readonly Sample[];
  problems: readonly string[];
}): void {
  const { options, isolated, described, samples, problems } = result;
  const machine = {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    load: loadavg(),
  };
  const at = new Date().toISOString();
  const folder = fileURLToPath(new URL("results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${at.replaceAll(":", "-")}.json`;
  const settings = { scale: options.scale, runs: options.runs, directory: options.directory, isolated };
  writeFileSync(
    path,
    `${JSON.stringify({ at, machine, settings, systems: described, samples, problems }, undefined, 2)}\n`,
  );
  console.log(formatTables(samples));
  console.log("\n† disturbed: others kept more than 0.3 cores busy in every sample of the cell.");
  if (!isolated) console.log("The bytes are all that went over loopback: no network namespace could be had.");
  for (const [name, version] of Object.entries(described)) console.log(`- ${name}: ${version}`);
  console.log(`\nEvery sample: ${path}`);
}

function readCommandLine(): BenchOptions | undefined {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed === undefined) console.log(usage);
    return parsed;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
