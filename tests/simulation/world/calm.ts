import { BrokenPromiseError } from "../checks/broken-promise.ts";
import type { Person } from "../work/person.ts";
import type { Stage } from "./mishaps.ts";
import { calm } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimDevice } from "./sim-device.ts";
import { reliable } from "./sim-watcher.ts";

/** Devices that are connected and have nothing new to do are in step well before that. */
const maxSettlingMs = 20 * 60_000;
const maxSettlingRounds = 12;
/** How often a person looks whether the engine asks something. */
const questionEveryMs = 10_000;
/** What failed is tried again after up to a minute. */
const retryMs = 61_000;

/** Ends all faults. */
export async function calmDown({ server, devices, trace }: Stage): Promise<void> {
  trace.add("world", "is calm from now on");
  if (!server.core) server.start();
  for (const device of devices) {
    device.habits = { ...reliable, isBlind: device.habits.isBlind };
    device.diskFailures = 0;
    device.lockedPaths.clear();
    device.network.setWeather(calm);
    device.network.setConnected(true);
    device.start();
  }
}

/** Lets everybody come into step. @throws BrokenPromiseError when they don't */
export async function settle(stage: Stage, checkSoFar: () => void): Promise<void> {
  const { server, devices, scheduler } = stage;
  const [first] = devices;
  if (!first) throw new Error("a world has devices");
  let before = "";
  for (let round = 0; round < maxSettlingRounds; round += 1) {
    const outcomes = await settleOnce(stage, checkSoFar);
    const { sequence } = await server.metadata.tree.head(first.workspaceId);
    const now = `${sequence} ${outcomes.join(" ")}`;
    if (now === before && outcomes.every((outcome) => outcome === "synced")) return;
    before = now;
    if (!outcomes.includes("issues")) continue;
    for (const [index, device] of devices.entries()) answer(device, stage.people[index]);
    await scheduler.sleep(retryMs);
  }
  const told = devices.map(({ name, engine }) => `${name} ${JSON.stringify(engine.status())}`);
  throw new BrokenPromiseError(`they never come to rest: ${before}\n  ${told.join("\n  ")}`);
}

async function settleOnce({ devices, people, scheduler }: Stage, checkSoFar: () => void): Promise<string[]> {
  const waits = devices.map(async (device, index) => {
    const settling = { isOver: false };
    const late = scheduler.sleep(maxSettlingMs).then(() => {
      checkSoFar();
      throw new BrokenPromiseError(`${device.name} does not come into step: ${JSON.stringify(device.engine.status())}`);
    });
    const questions = answerQuestions({ device, person: people[index], scheduler, settling });
    try {
      return await Promise.race([device.waitSynced(), late, questions]);
    } finally {
      settling.isOver = true;
    }
  });
  return Promise.all(waits);
}

/** Whoever emptied a folder meant it, and says so; and what is in the way gets another name. */
async function answerQuestions(parts: {
  device: SimDevice;
  person: Person | undefined;
  scheduler: Scheduler;
  settling: { readonly isOver: boolean };
}): Promise<never> {
  const { device, person, scheduler, settling } = parts;
  for (;;) {
    await scheduler.sleep(questionEveryMs);
    if (settling.isOver) return new Promise<never>(() => undefined);
    answer(device, person);
  }
}

function answer(device: SimDevice, person: Person | undefined): void {
  if (!device.isRunning) return;
  for (const { code, path, message } of device.engine.status().issues) {
    const isInTheWay = code === "ignored_in_the_way" || code === "name_excluded";
    if (code === "root_emptied") person?.confirmEmptied();
    if (isInTheWay || (code === "entry_unreadable" && message.includes(asksForName))) person?.giveWay(path);
  }
}

/** Two names on the disk stand for one. [NM24] */
const asksForName = "give one of them another name";
