// Long rounds of the fault tests: `npm run faults -- --rounds 300` kills programs in so many rounds, `--seed WORD` plays other ones;
// `npm run faults -- --proxy 10240` carries so many MiB through strict proxies.
import { parseArgs } from "node:util";
import { playKillRounds } from "./kill/kill-rounds.ts";
import { carryThroughProxy } from "./network/carry-through-proxy.ts";

const MIB = 1024 * 1024;
/** Saves that are timed behind the proxy. */
const SAVES = 100;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "long" },
    proxy: { type: "string" },
  },
});
const started = performance.now();
const counts =
  values.proxy === undefined
    ? await playKillRounds({
        rounds: wholeNumber(values.rounds),
        seed: values.seed,
        onRound: (line) => console.error(line),
      })
    : await carryThroughProxy({ sizeBytes: wholeNumber(values.proxy) * MIB, saves: SAVES, seed: values.seed });
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${JSON.stringify(counts)} in ${minutes} min`);

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  console.error(`A whole number is needed, not ${text}.`);
  process.exit(2);
}
