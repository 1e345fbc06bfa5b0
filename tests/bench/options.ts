import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import type { System } from "./adapters/adapter.ts";
import { systems } from "./adapters/systems.ts";
import { scales, type Scale } from "./data/scale.ts";
import { isScenarioId, scenarioIds, scenarioTitles, type ScenarioId } from "./scenarios/scenario-ids.ts";

/** What a run of the benchmark was asked for. */
export interface BenchOptions {
  readonly scenarios: ReadonlySet<ScenarioId>;
  readonly systems: readonly System[];
  readonly runs: number;
  readonly scale: Scale;
  readonly directory: string;
  readonly limitMs: number;
  readonly threads: boolean;
}

const MEMORY = "/dev/shm";

export const usage = `npm run bench -- [options]
  --scenarios s1,s2   out of ${scenarioIds.join(", ")} (default: all)
  --systems a,b       out of ${systems.map(({ name }) => name).join(", ")} (default: those that are installed)
  --runs N            how often each is measured (default: 3, or 1 at small scale)
  --scale full|small  full: 1 GiB, 10,000 and 100,000 files; small: a sixteenth to a twentieth (default: full)
  --dir DIR           where data is made (default: in memory, ${MEMORY}, else ${tmpdir()})
  --limit SECONDS     after which a step counts as not done (default: 180)
  --threads           tells what each thread used in each step (user + system CPU seconds, page faults)

${scenarioIds.map((id) => `  ${id}  ${scenarioTitles[id]}`).join("\n")}
`;

/** Reads the command line. Undefined: help was asked for. @throws when it is wrong, saying how */
export function parseOptions(words: readonly string[]): BenchOptions | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      scenarios: text,
      systems: text,
      runs: text,
      scale: text,
      dir: text,
      limit: text,
      threads: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return undefined;
  const scaleName = values.scale ?? "full";
  if (scaleName !== "full" && scaleName !== "small") throw new Error(`--scale is full or small, not ${scaleName}`);
  return {
    scenarios: parseScenarios(values.scenarios),
    systems: parseSystems(values.systems),
    runs: parsePositive("--runs", values.runs ?? (scaleName === "full" ? "3" : "1")),
    scale: scales[scaleName],
    directory: values.dir ?? defaultDirectory(),
    limitMs: parsePositive("--limit", values.limit ?? "180") * 1000,
    threads: values.threads ?? false,
  };
}

function parseScenarios(list: string | undefined): ReadonlySet<ScenarioId> {
  if (list === undefined) return new Set(scenarioIds);
  return new Set(
    list.split(",").map((word) => {
      if (!isScenarioId(word)) throw new Error(`there is no scenario ${word}`);
      return word;
    }),
  );
}

function parseSystems(list: string | undefined): readonly System[] {
  return (
    list?.split(",").map((word) => {
      const system = systems.find(({ name }) => name === word);
      if (system === undefined) throw new Error(`there is no system ${word}`);
      return system;
    }) ?? systems
  );
}

function parsePositive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} is a whole number from 1, not ${text}`);
  return value;
}

function defaultDirectory(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    return MEMORY;
  } catch {
    return tmpdir();
  }
}
