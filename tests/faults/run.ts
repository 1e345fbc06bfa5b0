// Long rounds of the fault tests: `npm run faults -- --rounds 300` kills programs in so many rounds, `--seed WORD` plays other ones;
// `npm run faults -- --proxy 10240` carries so many MiB through strict proxies;
// `npm run faults -- --folding DIRECTORY` plays with spellings in a folder on a disk where case doesn't count.
import { parseArgs } from "node:util";
import { playKillRounds } from "./kill/kill-rounds.ts";
import { playFoldingDisk } from "./names/play-folding-disk.ts";
import { carryThroughProxy } from "./network/carry-through-proxy.ts";

const MIB = 1024 * 1024;
/** Saves that are timed behind the proxy. */
const SAVES = 100;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "long" },
    proxy: { type: "string" },
    folding: { type: "string" },
  },
});
const started = performance.now();
const counts = await play();
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${JSON.stringify(counts)} in ${minutes} min`);

function play(): Promise<object> {
  const { proxy, folding, rounds, seed } = values;
  if (folding !== undefined) return playFoldingDisk(folding);
  if (proxy !== undefined) return carryThroughProxy({ sizeBytes: wholeNumber(proxy) * MIB, saves: SAVES, seed });
  return playKillRounds({ rounds: wholeNumber(rounds), seed, onRound: (line) => console.error(line) });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  console.error(`A whole number is needed, not ${text}.`);
  process.exit(2);
}
