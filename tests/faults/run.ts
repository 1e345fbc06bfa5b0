// Long rounds of the fault tests: `npm run faults -- --rounds 300` kills programs in so many rounds; `--seed WORD` plays other ones.
import { parseArgs } from "node:util";
import { playKillRounds } from "./kill/kill-rounds.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "200" }, seed: { type: "string", default: "long" } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  console.error(`--rounds takes a whole number, not ${values.rounds}.`);
  process.exit(2);
}
const started = performance.now();
const counts = await playKillRounds({ rounds, seed: values.seed, onRound: (line) => console.error(line) });
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${JSON.stringify(counts)} in ${minutes} min`);
