import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkStore, serverConfig } from "@satchel/server";
import { seededRandom, type SeededRandom } from "@satchel/testkit";
import type { Device } from "../../e2e/support/device.ts";
import { openStage, ownFolder, type Stage } from "../../e2e/support/stage.ts";
import { snapshotTree } from "../../e2e/support/tree.ts";
import { compareFiles, type Differences } from "./compare-files.ts";
import { ownFiles, type OwnFiles } from "./own-files.ts";
import { sharedFolder, sharedLogs, type SharedLogs } from "./shared-logs.ts";
import { watchForTornFiles, type TornFiles } from "./torn-files.ts";

/** What a run of rounds did. */
export interface KillCounts {
  readonly rounds: number;
  readonly clientKills: number;
  readonly serverKills: number;
  /** Things that people did meanwhile. */
  readonly operations: number;
  /** Files that the watching reader read, and how many of them were not whole. */
  readonly reads: number;
  readonly torn: number;
  readonly sharedLines: number;
  /** What came back after its deletion, and what became a conflicted copy, because a kill hid from a device that a commit was its own. */
  readonly cameBack: number;
  readonly copies: number;
}

/** How many rounds, and which. */
export interface KillOptions {
  readonly rounds: number;
  readonly seed: string;
  /** Told after each round. */
  readonly onRound?: (line: string) => void;
}

type Victim = "a" | "b" | "server";

const VICTIMS: readonly (readonly Victim[])[] = [
  ["a"],
  ["b"],
  ["server"],
  ["a", "server"],
  ["a", "b"],
  ["a", "b", "server"],
];
/** Kills in one round at most: the later ones hit programs that are just finding out what the earlier ones left. */
const MAX_KILLS = 3;
const SETTLE_TIMEOUT_MS = 180_000;

/**
 * Plays rounds of work with two devices and a server that are killed (SIGKILL) at random instants of it, and started again.
 *
 * @throws when after a round something is lost, torn, unsound or not the same everywhere, with the round and its seed
 */
export async function playKillRounds({ rounds, seed, onRound }: KillOptions): Promise<KillCounts> {
  await using stage = await openStage({ devices: ["a", "b"] });
  const people = await Promise.all(
    [stage.device("a"), stage.device("b")].map(async (device) => await person(stage, device)),
  );
  const logs = sharedLogs();
  await using reader = watchForTornFiles(people.map(({ device }) => device.folder));
  const kills = { clientKills: 0, serverKills: 0 };
  const excused = { cameBack: 0, copies: 0 };
  let operations = 0;
  for (let round = 0; round < rounds; round += 1) {
    const random = seededRandom(`${seed}/${round}`);
    const working = work(people, logs, random.fork("work"));
    try {
      const count = 1 + random.below(MAX_KILLS);
      for (let nth = 0; nth < count; nth += 1) await killSome(stage, random, kills);
    } finally {
      operations += await working.stop();
    }
    try {
      const { cameBack, copies } = await checkAll(stage, people, { logs, reader });
      excused.cameBack += cameBack;
      excused.copies += copies;
    } catch (error) {
      throw new Error(`round ${round} of seed ${seed}: ${String(error)}`, { cause: error });
    }
    onRound?.(
      `round ${round}: ${operations} operations, ${kills.clientKills} clients and ${kills.serverKills} servers killed, ${reader.reads()} reads, ${excused.cameBack} came back, ${excused.copies} copies`,
    );
  }
  return {
    rounds,
    ...kills,
    ...excused,
    operations,
    reads: reader.reads(),
    torn: reader.torn.length,
    sharedLines: logs.lineCount(),
  };
}

interface Person {
  readonly device: Device;
  readonly own: OwnFiles;
}

async function person(stage: Stage, device: Device): Promise<Person> {
  const scratch = join(stage.directory, `scratch-${device.name}`);
  await mkdir(scratch);
  return { device, own: ownFiles({ folder: device.folder, name: `of-${device.name}`, scratch }) };
}

/** Both people work until stopped; that returns how much they did. */
function work(people: readonly Person[], logs: SharedLogs, random: SeededRandom): { stop(): Promise<number> } {
  const ended = new AbortController();
  let operations = 0;
  const working = Promise.all(
    people.map(async ({ device, own }) => {
      const mine = random.fork(device.name);
      while (!ended.signal.aborted) {
        if (mine.chance(0.2)) logs.append(device, mine);
        else await own.work(mine);
        operations += 1;
        // Bursts, with pauses in which transfers and commits get under way.
        await sleep(mine.chance(0.1) ? mine.below(250) : mine.below(8));
      }
    }),
  );
  return {
    stop: async () => {
      ended.abort();
      await working;
      return operations;
    },
  };
}

/** Waits a random while, kills one or several at the same instant, and starts them again a random while later. */
async function killSome(
  stage: Stage,
  random: SeededRandom,
  kills: { clientKills: number; serverKills: number },
): Promise<void> {
  await sleep(random.chance(0.5) ? random.below(150) : random.below(1500));
  const victims = random.pick(VICTIMS);
  kills.serverKills += victims.filter((name) => name === "server").length;
  kills.clientKills += victims.filter((name) => name !== "server").length;
  await Promise.all(victims.map(async (name) => await (name === "server" ? stage.server : stage.device(name)).kill()));
  await sleep(random.below(300));
  for (const name of random.shuffle(victims)) {
    if (name === "server") await stage.server.restart();
    else await stage.device(name).start();
  }
}

/** What must hold when the devices have had time to come into step. Returns what only a kill explains. */
async function checkAll(
  stage: Stage,
  people: readonly Person[],
  seen: { logs: SharedLogs; reader: TornFiles },
): Promise<Pick<Differences, "cameBack" | "copies">> {
  for (const { device } of people) await device.wait(SETTLE_TIMEOUT_MS / 1000);
  await stage.waitForEqual(SETTLE_TIMEOUT_MS);
  const [{ device }] = people as [Person];
  const excused = { cameBack: 0, copies: 0 };
  const snapshot = await snapshotTree(device.folder, {
    contents: true,
    without: (path) => path === ownFolder || path === sharedFolder,
  });
  for (const { own } of people) {
    const shown = new Map(
      [...snapshot].filter(([path]) => path.startsWith(`${own.name}/`)).map(([path, line]) => [path, shorten(line)]),
    );
    const differences = compareFiles(own, shown);
    if (differences.faults.length > 0) {
      const { stdout } = await device.run(["trash"]);
      assert.fail(`what somebody made is not there:\n${differences.faults.join("\n")}\nthe trash has:\n${stdout}`);
    }
    excused.cameBack += differences.cameBack;
    excused.copies += differences.copies;
    own.adopt(shown);
  }
  assert.deepEqual(seen.logs.missingIn(device.folder), [], "lines of shared files are lost");
  assert.deepEqual(seen.reader.torn, [], "files were seen that were not whole");
  const check = await checkStore(serverConfig({ data: stage.server.dataDirectory }, {}));
  assert.deepEqual(check.problems, [], "admin check found something");
  return excused;
}

/** A line of a snapshot without size and time. */
function shorten(line: string): string {
  const [, executable, content = ""] = /^file of \d+ B at \d+( executable)? ([0-9a-f]{64})$/.exec(line) ?? [];
  return content === "" ? line : `${content}${executable === undefined ? "" : " x"}`;
}
