import { test } from "node:test";
import assert from "node:assert/strict";
import type { EntryId } from "@satchel/protocol";
import { seededRandom, testRuns, type SeededRandom } from "@satchel/testkit";
import type { AbstractDevice } from "../testing/abstract-device.fixture.ts";
import { treesOf } from "../testing/abstract-device.fixture.ts";
import {
  abstractWorld,
  type AbstractWorld,
  checkSettled,
  listing,
  peopleOn,
  rootId,
  settle,
  syncOnce,
} from "../testing/abstract-world.fixture.ts";
import { noMishap, syncExcluding, takeIn } from "../testing/excluding-device.fixture.ts";
import { findExcluded } from "./find-excluded.ts";

const runs = Number(process.env["RECONCILE_RUNS"] ?? testRuns(400));
const firstSeed = Number(process.env["RECONCILE_SEED"] ?? 0);
const names = ["a", "b", "c"];
/** More rounds than any of these small worlds takes. */
const maxRounds = 60;

/** A world in which the first device leaves things out, and the second one does not. */
interface Life {
  readonly world: AbstractWorld;
  readonly leaver: AbstractDevice;
  readonly other: AbstractDevice;
  readonly roots: Set<EntryId>;
  readonly random: SeededRandom;
  readonly next: () => string;
}

function act({ world, random, next }: Life, device: AbstractDevice): void {
  const people = peopleOn(world, device);
  const { local } = device;
  const all = [...local.ids()].filter((id) => id !== rootId && local.isReachable(id));
  const folders = [rootId, ...all.filter((id) => local.find(id)?.type === "folder")];
  const files = all.filter((id) => local.find(id)?.type === "file");
  const parentId = random.pick(folders);
  const name = random.pick(names);
  const isFree = local.findChild(parentId, name) === undefined;
  const kind = random.below(6);
  if (kind <= 1 && isFree) people.createFolder(parentId, name);
  if (kind === 2 && isFree) people.createFile(parentId, name, next(), random.chance(0.7));
  if (kind === 3 && files.length > 0) people.edit(random.pick(files), next(), random.chance(0.7));
  if (all.length === 0) return;
  const id = random.pick(all);
  const isInside = id === parentId || local.below(id).some((row) => row.id === parentId);
  if (kind === 4 && isFree && !isInside) people.move(id, parentId, name);
  if (kind === 5) people.remove(id, random.chance(0.3));
}

/** Somebody chooses what to leave out, or to take in again. */
function choose({ world, leaver, roots, random }: Life): void {
  const known = [...leaver.remote.ids()].filter((id) => id !== rootId && leaver.remote.isReachable(id));
  if (roots.size > 0 && random.chance(0.4)) {
    const id = random.pick([...roots]);
    takeIn(leaver, id);
    roots.delete(id);
    world.log.push(`includes ${id}`);
  } else if (known.length > 0) {
    const id = random.pick(known);
    roots.add(id);
    world.log.push(`excludes ${id}`);
  }
}

/** Until neither device has anything to do. A clash is what a person solves by another name. */
function rest(life: Life): void {
  const { world, leaver, other, roots } = life;
  for (let round = 0; round < maxRounds; round += 1) {
    const head = world.server.head();
    const didLeave = syncExcluding(world, leaver, roots, noMishap);
    const { plan } = syncOnce(world, other);
    const { books, ingest, local, remote } = plan;
    if (didLeave || books.length + ingest.length + local.length + remote.length > 0) continue;
    const { clashes } = findExcluded(treesOf(leaver), roots);
    for (const id of clashes) peopleOn(world, leaver).move(id, rootId, `renamed ${life.next()}`);
    if (clashes.length === 0 && world.server.head() === head) return;
  }
  throw new Error("does not come to rest");
}

/** The leaver's folder is the server's, less what is left out. */
function checkLeft({ leaver, roots, world }: Life): void {
  const { tree } = world.server;
  const hidden = new Set([...roots].flatMap((id) => [id, ...tree.below(id).map((row) => row.id)]));
  const isShown = (line: string): boolean => !hidden.has((line.match(/ (?:file|folder) (\S+)/)?.[1] ?? "") as EntryId);
  assert.deepEqual(listing(leaver.local), listing(tree).filter(isShown));
}

function live(seed: number): void {
  const random = seededRandom(seed);
  const world = abstractWorld(["L", "O"]);
  const [leaver, other] = world.devices as [AbstractDevice, AbstractDevice];
  let written = 0;
  const life: Life = { world, leaver, other, roots: new Set(), random, next: () => `w${(written += 1)}` };
  try {
    for (let i = 3 + random.below(6); i > 0; i -= 1) act(life, other);
    settle(world);
    for (let step = 4 + random.below(20); step > 0; step -= 1) {
      if (random.chance(0.15)) choose(life);
      else if (random.chance(0.5)) act(life, random.pick([leaver, other]));
      else if (random.chance(0.6)) syncExcluding(world, leaver, life.roots, { fails: () => random.chance(0.2) });
      else syncOnce(world, other);
    }
    rest(life);
    checkLeft(life);
    for (const id of life.roots) takeIn(leaver, id);
    life.roots.clear();
    rest(life);
    checkSettled(world);
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}\n${world.log.slice(-60).join("\n")}`, { cause: error });
  }
}

test(`whatever a device leaves out and takes in again: the server loses nothing by it, and the folder is the server's tree less what is left out (${runs} seeds) [RC82] [RC83] [RC84] [RC85] [RC86]`, () => {
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) live(seed);
});
