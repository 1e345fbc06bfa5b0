import { rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom } from "@satchel/testkit";
import { makeBigFile } from "../../e2e/support/big-file.ts";
import type { Device } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { openPlace, waitForEqual } from "../support/place.ts";
import { openStrictProxy, type StrictProxy } from "../support/strict-proxy.ts";

/** What was found. */
export interface ProxyRun {
  readonly sizeBytes: number;
  /** What all requests' bodies held, of the sender and of the receiver. */
  readonly sentBytes: number;
  /** The longest body that got through. */
  readonly largestBytes: number;
  readonly requests: number;
  readonly tooLarge: number;
  readonly timeouts: number;
  readonly resets: number;
  /** From a save on a device before the proxy until the file is behind it, in milliseconds, ascending. */
  readonly noticesMs: readonly number[];
  readonly seconds: number;
}

/** The proxy's limits, as the contract with any network has them. */
export const strictLimits = { maxBodyBytes: 1_000_000, timeoutMs: 5000, resetShare: 0.02 } as const;
const MIN_BYTES_PER_SECOND = 1_000_000;

/** Carries a file of this size from one device to another, both behind strict proxies, then times saves. */
export async function carryThroughProxy(options: {
  sizeBytes: number;
  saves: number;
  seed: string;
}): Promise<ProxyRun> {
  await using place = await openPlace();
  const random = seededRandom(options.seed);
  const before = async (name: string): Promise<StrictProxy> =>
    place.use(await openStrictProxy({ ...strictLimits, targetPort: place.server.port, random: random.fork(name) }));
  const [proxyA, proxyB] = [await before("a"), await before("b")];
  const url = (proxy: StrictProxy): string => `http://127.0.0.1:${proxy.port}`;
  const a = await place.device("a", url(proxyA));
  const b = await place.device("b", url(proxyB));

  const started = performance.now();
  const draft = join(place.directory, "big.bin");
  await makeBigFile(draft, options.sizeBytes, options.seed);
  await rename(draft, a.path("big.bin"));
  const timeoutMs = 60_000 + (options.sizeBytes / MIN_BYTES_PER_SECOND) * 1000;
  await eventually(async () => (await stat(b.path("big.bin"))).isFile(), {
    timeoutMs,
    intervalMs: 200,
    what: "the file behind both proxies",
  });
  await waitForEqual([a, b], timeoutMs);
  const seconds = (performance.now() - started) / 1000;
  const { counts } = proxyA;
  const carried = { ...counts };
  const noticesMs = await timeSaves(await place.device("c", place.server.url), b, options.saves);
  return {
    sizeBytes: options.sizeBytes,
    sentBytes: carried.bodyBytes,
    largestBytes: carried.largestBytes,
    requests: carried.requests + proxyB.counts.requests,
    tooLarge: counts.tooLarge,
    timeouts: counts.timeouts + proxyB.counts.timeouts,
    resets: counts.resets + proxyB.counts.resets,
    noticesMs: noticesMs.toSorted((one, other) => one - other),
    seconds,
  };
}

/** How long it takes from a save on one device until the other has it. */
async function timeSaves(from: Device, to: Device, saves: number): Promise<number[]> {
  await waitForEqual([from, to], 120_000);
  const noticesMs: number[] = [];
  for (let nth = 0; nth < saves; nth += 1) {
    const name = `save-${nth}.txt`;
    await writeFile(from.path(name), `saved ${nth}`);
    const savedMs = performance.now();
    await eventually(async () => (await stat(to.path(name))).isFile(), {
      timeoutMs: 30_000,
      intervalMs: 5,
      what: name,
    });
    noticesMs.push(performance.now() - savedMs);
  }
  return noticesMs;
}
