import { linuxNames } from "@satchel/engine";
import { seededRandom, type SeededRandom } from "@satchel/testkit";
import { BrokenPromiseError } from "../checks/broken-promise.ts";
import { drawWeather } from "../world/draw-faults.ts";
import { calm, Network } from "../world/network.ts";
import { Scheduler } from "../world/scheduler.ts";
import { SimDevice } from "../world/sim-device.ts";
import { SimServer } from "../world/sim-server.ts";
import { reliable } from "../world/sim-watcher.ts";
import { Trace } from "../world/trace.ts";

/** More than any life needs. */
const maxEvents = 400_000;
const maxSettlingMs = 20 * 60_000;
/** Devices that come into step may still owe each other something; after so many times they don't. */
const settlingRounds = 6;
const wordsOfEach = 6;
const linesOfEach = 3;
const path = "text.md";

export interface Writing {
  readonly seed: number;
  readonly failure: Error | undefined;
  /** The text as everybody has it in the end. */
  readonly text: string;
  readonly copies: number;
  /** How often a device merged. */
  readonly merges: number;
  /** Whether every device heard the answer to everything that it sent. */
  readonly isSmooth: boolean;
  readonly trace: readonly string[];
}

/**
 * Two or three people write in one text, each on a device of their own and in lines of their own, online and offline, with networks and programs that fail. In the end every word that anybody typed is there exactly once. Never rejects.
 */
export async function write(seed: number): Promise<Writing> {
  const random = seededRandom(`writers ${seed}`);
  const scheduler = new Scheduler({ random: random.fork("schedule"), maxEvents });
  const trace = new Trace({ elapsedMs: () => scheduler.elapsedMs, keep: true });
  const devices: SimDevice[] = [];
  let server: SimServer | undefined;
  let failure: Error | undefined;
  let merges = 0;
  const seen = { text: "", copies: 0 };
  try {
    await scheduler.play(
      (async () => {
        server = await SimServer.open({ scheduler, random: random.fork("server") });
        devices.push(...(await openDevices({ server, scheduler, random, trace, onMerged: () => (merges += 1) })));
        Object.assign(seen, await live({ devices, scheduler, random, trace }));
      })(),
    );
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const device of devices) device.close();
    await server?.close();
  }
  const isSmooth = !trace.lines.some((line) => line.includes("answer_lost") || line.includes("loses its program"));
  return { seed, failure, ...seen, merges, isSmooth, trace: trace.lines };
}

interface Parts {
  readonly server: SimServer;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly onMerged: () => void;
}

async function openDevices({ server, scheduler, random, trace, onMerged }: Parts): Promise<SimDevice[]> {
  const weather = drawWeather(random.fork("weather"));
  const devices: SimDevice[] = [];
  const count = 2 + random.below(2);
  for (let index = 0; index < count; index += 1) {
    const name = `d${index}`;
    const network = new Network({ random: random.fork(`${name}/network`), scheduler, weather });
    const options = {
      hasIgnoreRules: false,
      nameRules: linuxNames,
      plansNarrowly: false,
      hasTokens: false,
      mergesTexts: true,
    };
    const device = new SimDevice(
      {
        ...options,
        name,
        server,
        network,
        scheduler,
        trace,
        login: await server.login(name),
        random: random.fork(name),
        clockOffsetMs: 0,
        onCommitted: ({ operations }, { results }) => {
          if (operations.some(({ op }, at) => op === "merge_file" && results[at]?.status === "done")) onMerged();
        },
      },
      reliable,
    );
    device.start();
    devices.push(device);
  }
  return devices;
}

type Stage = Pick<Parts, "scheduler" | "random" | "trace"> & { readonly devices: readonly SimDevice[] };

async function live(stage: Stage): Promise<{ text: string; copies: number }> {
  const { devices, scheduler, random } = stage;
  const [first] = devices as [SimDevice, ...SimDevice[]];
  first.files.writeFile(path, encode(emptyText(devices.length)));
  await inStep(stage);
  const typed: string[] = [];
  const mishaps: Promise<void>[] = [];
  await Promise.all(
    devices.map(async (device, writer) => {
      const own = random.fork(`writer ${writer}`);
      for (let word = 0; word < wordsOfEach; word += 1) {
        await scheduler.sleep(own.below(8000));
        if (own.chance(0.3)) mishaps.push(befall(device, stage, own));
        typed.push(typeWord(device, { writer, word, line: own.below(linesOfEach) }));
      }
    }),
  );
  await Promise.all(mishaps);
  for (const device of devices) {
    device.network.setWeather(calm);
    device.network.setConnected(true);
    device.start();
  }
  await inStep(stage);
  return check(devices, typed);
}

/** Lines between those that people write in, so that nobody's line touches another's. */
function emptyText(writers: number): string {
  const lines = Array.from(
    { length: writers * linesOfEach },
    (_, index) => `line ${lineName(index % writers, Math.floor(index / writers))}:`,
  );
  return lines.map((line) => `${line}\n----\n`).join("");
}

function lineName(writer: number, line: number): string {
  return `${writer}-${line}`;
}

/** Adds a word to a line of one's own, in what one's folder shows at this moment. */
function typeWord(device: SimDevice, { writer, word, line }: { writer: number; word: number; line: number }): string {
  const typed = `w${writer}x${word}`;
  const text = decode(device.files.readFile(path));
  const start = `line ${lineName(writer, line)}:`;
  const lines = text.split("\n").map((each) => (each.startsWith(start) ? `${each} ${typed}` : each));
  device.files.writeFile(path, encode(lines.join("\n")));
  return typed;
}

/** The network goes for a while, or the program is killed and started again. */
async function befall(device: SimDevice, { scheduler, trace }: Stage, random: SeededRandom): Promise<void> {
  const durationMs = random.below(30_000);
  if (random.chance(0.6)) {
    device.network.setConnected(false);
    await scheduler.sleep(durationMs);
    device.network.setConnected(true);
  } else {
    trace.add(device.name, "loses its program");
    device.crash();
    await scheduler.sleep(durationMs);
    device.start();
  }
}

async function inStep({ devices, scheduler }: Stage): Promise<void> {
  for (let round = 0; round < settlingRounds; round += 1) {
    const late = scheduler.sleep(maxSettlingMs).then(() => {
      const states = devices.map(({ name, engine }) => `${name} ${JSON.stringify(engine.status())}`);
      throw new BrokenPromiseError(`they do not come into step: ${states.join("\n")}`);
    });
    await Promise.race([Promise.all(devices.map(({ engine }) => engine.waitSynced())), late]);
  }
}

function check(devices: readonly SimDevice[], typed: readonly string[]): { text: string; copies: number } {
  const folders = devices.map(({ files }) => [...files.snapshot()].map(([name, entry]) => ({ name, entry })));
  const shown = folders.map((folder) =>
    folder.map(({ name, entry }) => `${name} = ${entry.type === "file" ? decode(entry.bytes) : entry.type}`).join("\n"),
  );
  const [first = ""] = shown;
  if (shown.some((each) => each !== first)) throw new BrokenPromiseError(`folders differ:\n${shown.join("\n---\n")}`);
  const text = decode((devices[0] as SimDevice).files.readFile(path));
  const copies = (folders[0]?.length ?? 0) - 1;
  const wrong = typed.filter((word) => {
    const times = text.split(/\s+/).filter((each) => each === word).length;
    return copies === 0 ? times !== 1 : times > 1 || !new RegExp(`\\b${word}\\b`).test(first);
  });
  if (wrong.length > 0) throw new BrokenPromiseError(`${wrong.join(" ")}: not there exactly once, in\n${first}`);
  return { text, copies };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
