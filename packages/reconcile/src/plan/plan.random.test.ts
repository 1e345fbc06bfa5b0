import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { seededRandom, testRuns, type SeededRandom } from "@satchel/testkit";
import type { AbstractDevice } from "../testing/abstract-device.fixture.ts";
import { bookOutcome, loseDatabase, planOf, pull, treesOf } from "../testing/abstract-device.fixture.ts";
import { lonePlanner, type LoneOperation } from "./plan-alone.ts";
import { plan } from "./plan.ts";
import { limboId } from "../tree/view.ts";
import {
  type AbstractWorld,
  abstractWorld,
  carryOutBooks,
  checkSettled,
  peopleOn,
  rootId,
  settle,
} from "../testing/abstract-world.fixture.ts";

const runs = Number(process.env["RECONCILE_RUNS"] ?? testRuns(1000));
const firstSeed = Number(process.env["RECONCILE_SEED"] ?? 0);

const names = ["a", "b", "c", "d"];

/** One random thing that people do. */
function act(world: AbstractWorld, device: AbstractDevice, random: SeededRandom, next: () => string): void {
  const people = peopleOn(world, device);
  const { local } = device;
  const all = [...local.ids()].filter((id) => id !== rootId && isVisible(device, id));
  const folders = [rootId, ...all.filter((id) => local.find(id)?.type === "folder")];
  const files = all.filter((id) => local.find(id)?.type === "file");
  const parentId = random.pick(folders);
  const name = random.pick(names);
  const isFree = local.findChild(parentId, name) === undefined;
  const isInside = (folderId: EntryId, id: EntryId): boolean =>
    id === folderId || local.below(folderId).some((row) => row.id === id);
  const read = random.chance(0.7);
  // A few contents come again and again, on all devices.
  const content = (): string => (random.chance(0.2) ? `same${random.below(2)}` : next());
  switch (random.below(12)) {
    case 0:
    case 1:
      if (isFree) people.createFolder(parentId, name);
      return;
    case 2:
    case 3:
      if (isFree) people.createFile(parentId, name, content(), read);
      return;
    case 4:
    case 5:
      if (files.length > 0) people.edit(random.pick(files), content(), read);
      return;
    case 6:
      if (files.length > 0) people.touch(random.pick(files), random.chance(0.5) ? { time: true } : { mode: true });
      return;
    case 7:
    case 8: {
      if (all.length === 0) return;
      const id = random.pick(all);
      if (isFree && !isInside(id, parentId)) people.move(id, parentId, name);
      return;
    }
    case 9:
      if (all.length > 0) people.remove(random.pick(all), random.chance(0.3));
      return;
    case 10: {
      // Two swap their places.
      if (all.length < 2) return;
      const [one, other] = [random.pick(all), random.pick(all)];
      if (isInside(one, other) || isInside(other, one)) return;
      const [here, there] = [local.find(one), local.find(other)];
      if (here?.parentId == null || there?.parentId == null) return;
      people.move(one, rootId, "swapping");
      people.move(other, here.parentId, here.name);
      people.move(one, there.parentId, there.name);
      return;
    }
    case 11: {
      // Something is replaced by something new of either type, which may take in what was inside.
      if (all.length === 0) return;
      const id = random.pick(all);
      const row = local.find(id);
      if (row?.parentId == null) return;
      const inside = [...local.children(id)];
      if (random.chance(0.5)) {
        people.remove(id);
        people.createFile(row.parentId, row.name, content(), read);
        return;
      }
      const folder = people.createFolder(row.parentId, "replacing");
      for (const child of inside) if (random.chance(0.7)) people.move(child.id, folder, child.name);
      people.remove(id);
      people.move(folder, row.parentId, row.name);
    }
  }
}

function isVisible({ local }: AbstractDevice, id: EntryId): boolean {
  for (let at: EntryId | null = id; at !== null; at = local.find(at)?.parentId ?? null) if (at === rootId) return true;
  return false;
}

/** A part of a sync, with failures, and with people at work in between. */
function syncBadly(world: AbstractWorld, device: AbstractDevice, random: SeededRandom, next: () => string): void {
  pull(device);
  const busy = new Set<EntryId>();
  if (random.chance(0.2)) for (const id of device.local.ids()) if (random.chance(0.3)) busy.add(id);
  const made = planOf(device, {
    limit: random.chance(0.2) ? 1 + random.below(3) : 5000,
    isBusy: (id) => busy.has(id),
  });
  if (random.chance(0.2)) checkLoneOperations(device);
  if (random.chance(0.05)) {
    const trees = treesOf(device);
    const shuffled = { ...trees, changed: random.shuffle([...trees.changed]) };
    assert.deepEqual(plan(shuffled), plan(trees), "the order of changes matters");
  }
  for (const { id } of [...made.ingest, ...made.local, ...made.remote]) assert.ok(!busy.has(id), `${id} is busy`);
  if (random.chance(0.1)) return;
  const execution = carryOutBooks(world, device, made);
  const say = (operation: object, problem?: string): void =>
    void world.log.push(`${device.name}~ ${JSON.stringify(operation)} ${problem ?? ""}`);
  const fails = random.chance(0.5) ? 0 : 0.2;
  const stop = random.chance(0.6) ? 1 : 0.9;
  for (const operation of made.ingest) if (!random.chance(fails)) say(operation, execution.ingest(operation.id));
  const isCrashing = random.chance(0.1);
  for (const operation of made.local) {
    if (!random.chance(stop)) break;
    if (random.chance(0.05)) act(world, device, random, next);
    if (random.chance(fails)) say(operation, "fails");
    else say(operation, execution.onDisk(operation));
    if (!isCrashing) bookOutcome(device, operation.id);
  }
  if (random.chance(0.2)) act(world, device, random, next);
  for (const operation of made.remote) {
    if (!random.chance(stop)) break;
    if (random.chance(fails)) say(operation, "fails");
    else say(operation, execution.onServer(operation));
  }
  if (random.chance(0.1)) return;
  pull(device);
  if (!isCrashing) for (const { id } of made.remote) bookOutcome(device, id);
}

/** What is planned for an entry alone is what the whole plan says of it. */
function checkLoneOperations(device: AbstractDevice): void {
  const trees = treesOf(device);
  const whole = plan(trees);
  const planned = new Map(
    [...whole.ingest, ...whole.local, ...whole.remote].map((operation) => [operation.id, operation]),
  );
  const planAlone = lonePlanner(trees);
  const alone = new Map<EntryId, LoneOperation>();
  const isComing = (id: EntryId): boolean => ["create_remote", "make_folder"].includes(alone.get(id)?.do ?? "");
  for (let before = -1; before < alone.size;) {
    before = alone.size;
    for (const id of trees.changed) {
      const operation = planAlone(id, isComing);
      if (operation !== undefined) alone.set(id, operation);
    }
  }
  for (const [id, operation] of alone) assert.deepEqual(operation, planned.get(id), "planned alone");
}

function run(seed: number): void {
  const random = seededRandom(seed);
  const world = abstractWorld(["A", "B", "C"]);
  let written = 0;
  const next = (): string => `w${(written += 1)}`;
  try {
    for (let i = random.below(6); i > 0; i -= 1) act(world, world.devices[0] as AbstractDevice, random, next);
    if (random.chance(0.8)) settle(world);
    const steps = 3 + random.below(20);
    for (let step = 0; step < steps; step += 1) {
      const device = random.pick(world.devices);
      if (random.chance(0.02) && [...device.local.children(limboId)].length === 0) {
        world.log.push(`${device.name}: loses its database`);
        loseDatabase(device);
      } else if (random.chance(0.6)) act(world, device, random, next);
      else if (random.chance(0.1)) settle(world);
      else syncBadly(world, device, random, next);
    }
    settle(world);
    for (const content of world.written) if (content.startsWith("same")) world.superseded.add(content);
    checkSettled(world);
  } catch (error) {
    throw new Error(
      `seed ${seed}: ${(error as Error).message}\n${world.log.slice(-Number(process.env["RECONCILE_LOG"] ?? 60)).join("\n")}`,
      { cause: error },
    );
  }
}

test(`whatever people do on three devices, whatever fails: all end equal and nothing is lost (${runs} seeds) [RC54] [RC57] [RC61] [RC62] [RC91]`, () => {
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) run(seed);
});
