// The one command: `npm run check` (under a minute), `npm run check:all` (everything), `npm run check:static` (no tests).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "./check/repository-files.ts";

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** The repository's own rules, each a program in scripts/check/. */
const RULES = [
  "architecture",
  "lengths",
  "spec-citations",
  "page-citations",
  "private-words",
  "dependencies",
  "logical-styles",
];
/** Worlds that the simulation plays. */
const SHORT_SIMULATION_SEEDS = "20";
const LONG_SIMULATION_SEEDS = "3000";

const { values } = parseArgs({ options: { all: { type: "boolean" }, static: { type: "boolean" } } });
const steps = [...staticSteps(), ...(values.static === true ? [] : testSteps(values.all === true))];
const failed: string[] = [];
for (const step of steps) {
  if (!(await succeeds(step))) failed.push(step.name);
}
if (failed.length > 0) {
  console.error(`\nNot green: ${failed.join(", ")}. \`npm run fix\` mends formatting and what the linter can.`);
  process.exitCode = 1;
}

function staticSteps(): Step[] {
  return [
    { name: "format", command: ["oxfmt", "--check", "."] },
    { name: "lint", command: ["oxlint", "."] },
    { name: "types", command: ["tsc", "-b"] },
    { name: "unused", command: ["knip", "--no-progress"] },
    ...RULES.map((rule): Step => ({ name: rule, command: ["node", `scripts/check/${rule}.ts`] })),
  ];
}

function testSteps(all: boolean): Step[] {
  const run = (name: string, ...words: string[]): Step => ({
    name,
    command: ["node", "scripts/test/run.ts", ...words],
  });
  if (all) return [run("tests", "--seeds", LONG_SIMULATION_SEEDS)];
  return [
    run("tests", "unit"),
    { name: "simulation", command: ["node", "tests/simulation/run.ts", "--seeds", SHORT_SIMULATION_SEEDS] },
  ];
}

/** Runs a step; prints a line when it succeeds and all that it said when it doesn't. */
async function succeeds({ name, command }: Step): Promise<boolean> {
  const [program, ...words] = command;
  const started = performance.now();
  const path = [join(repositoryRoot, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const child = spawn(program, words, {
    cwd: repositoryRoot,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => output.push(bytes));
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code === 0) {
    const tests = /ℹ tests (\d+)/.exec(Buffer.concat(output).toString())?.[1];
    console.log(`✔ ${name} (${tests === undefined ? "" : `${tests} tests, `}${seconds} s)`);
    return true;
  }
  // Of a test run, the passing tests are no news.
  const news = Buffer.concat(output)
    .toString()
    .replaceAll(/^\s*✔ .*\n/gm, "");
  process.stderr.write(`✖ ${name} (${seconds} s)\n${news}\n`);
  return false;
}
