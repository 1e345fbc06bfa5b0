// Plays lives with one planted fault until one of them fails: `node play-mutated.ts NAME FIRST COUNT`. Prints what it found as JSON.
import { mutations } from "./mutations.ts";
import { plant } from "./plant.ts";

const [, , name = "", first = "0", count = "0"] = process.argv;
const mutation = mutations.find((each) => each.name === name);
if (!mutation) throw new Error(`there is no mutation ${name}`);
const isPlanted = plant(mutation);
// Loaded only now, with the fault in it.
const { simulate } = await import("../simulate.ts");
if (!isPlanted()) throw new Error(`${mutation.file} is no part of the simulation`);
let found: { seed: number; played: number; message: string } | undefined;
for (let seed = Number(first); seed < Number(first) + Number(count) && !found; seed += 1) {
  const { failure } = await simulate({ seed, keepTrace: false });
  if (failure) found = { seed, played: seed - Number(first) + 1, message: failure.message };
}
console.log(JSON.stringify(found ?? null));
