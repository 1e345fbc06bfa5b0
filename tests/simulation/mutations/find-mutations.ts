import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { mutations, type Mutation } from "./mutations.ts";

interface Found {
  readonly seed: number;
  readonly played: number;
  readonly message: string;
}

/** Plays lives with each planted fault until one of them fails, and prints how many that took. Answers with the exit code: 1 when a fault was not found. */
export async function findMutations(options: { readonly first: number; readonly maxSeeds: number }): Promise<number> {
  const waiting = [...mutations];
  const missed: string[] = [];
  const work = async (): Promise<void> => {
    for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
      const found = await findOne(mutation, options);
      if (!found) missed.push(mutation.name);
      console.log(describe(mutation, found));
    }
  };
  console.log("| planted fault | found by life | seed | as |\n| --- | --- | --- | --- |");
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  console.log(
    `\n${mutations.length - missed.length} of ${mutations.length} found within ${options.maxSeeds} lives from seed ${options.first} on.`,
  );
  return missed.length === 0 ? 0 : 1;
}

async function findOne(
  { name }: Mutation,
  { first, maxSeeds }: { readonly first: number; readonly maxSeeds: number },
): Promise<Found | null> {
  const program = join(import.meta.dirname, "play-mutated.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, name, `${first}`, `${maxSeeds}`]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "null") as Found | null;
}

function describe({ name, fault }: Mutation, found: Found | null): string {
  if (!found) return `| **${name}**: ${fault} | not found | | |`;
  const [told = ""] = found.message.split("\n");
  return `| **${name}**: ${fault} | ${found.played} | ${found.seed} | ${shorten(told)} |`;
}

/** The promise that was broken, without what is particular to the life. */
function shorten(message: string): string {
  return message
    .replace(/[:{(|].*/, "")
    .trim()
    .slice(0, 90);
}
