import { seededRandom } from "@satchel/testkit";
import { BrokenPromiseError } from "./checks/broken-promise.ts";
import { checkPromises } from "./checks/promises.ts";
import { watchVisibility } from "./checks/visibility.ts";
import { Contents } from "./work/contents.ts";
import { History } from "./work/history.ts";
import { describeOperation, drawOperations, type Operation } from "./work/operations.ts";
import { Person } from "./work/person.ts";
import { drawLife, type Life } from "./world/life.ts";
import { calm, Network } from "./world/network.ts";
import { Scheduler } from "./world/scheduler.ts";
import { SimDevice } from "./world/sim-device.ts";
import { SimServer } from "./world/sim-server.ts";
import { reliable } from "./world/sim-watcher.ts";
import { Trace } from "./world/trace.ts";
import { userDisk } from "./world/user-disk.ts";

/** More than any life needs; beyond it something goes round in circles. */
const maxEvents = 400_000;
/** Devices that are connected and have nothing new to do are in step well before that. */
const maxSettlingMs = 20 * 60_000;
const maxSettlingRounds = 12;
const maxOutageMs = 30_000;

export interface Outcome {
  readonly seed: number;
  readonly traceHash: string;
  readonly events: number;
  readonly operations: readonly Operation[];
  readonly failure: Error | undefined;
  /** Empty unless it was to be kept. */
  readonly trace: readonly string[];
}

export interface SimulateOptions {
  readonly seed: number;
  /** Keeps the lines of the trace. */
  readonly keepTrace: boolean;
  /** Instead of those that the seed would choose. */
  readonly operations?: readonly Operation[];
}

/** Lives one life from a seed: devices and a server, people who work, faults; then calm, and a look whether every promise was kept. Never rejects. */
export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const random = seededRandom(options.seed);
  const scheduler = new Scheduler({ random: random.fork("schedule"), maxEvents });
  const trace = new Trace({ elapsedMs: () => scheduler.elapsedMs, keep: options.keepTrace });
  const life = drawLife(options.seed, random.fork("life"));
  const operations =
    options.operations ??
    drawOperations(random.fork("operations"), { count: life.operations, workers: life.workers, devices: life.devices });
  let failure: Error | undefined;
  const world = new World({ seed: options.seed, scheduler, trace, life });
  try {
    await scheduler.play(world.live(operations));
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    for (const line of world.describe()) trace.add("state", line);
    trace.add("world", `fails: ${failure.message}`);
  } finally {
    await world.close();
  }
  return {
    seed: options.seed,
    traceHash: trace.digest(),
    events: scheduler.events,
    operations,
    failure,
    trace: trace.lines,
  };
}

/** How often a person looks whether the engine asks something. */
const questionEveryMs = 10_000;

class World {
  readonly #seed: number;
  readonly #scheduler: Scheduler;
  readonly #trace: Trace;
  readonly #life: Life;
  readonly #contents = new Contents();
  readonly #history = new History();
  readonly #devices: SimDevice[] = [];
  readonly #people: Person[] = [];
  /** What is still going on beside the operations that follow. */
  readonly #pending = new Set<Promise<void>>();
  #server: SimServer | undefined;
  #broken: Error | undefined;

  constructor(parts: { seed: number; scheduler: Scheduler; trace: Trace; life: Life }) {
    this.#seed = parts.seed;
    this.#scheduler = parts.scheduler;
    this.#trace = parts.trace;
    this.#life = parts.life;
  }

  async live(operations: readonly Operation[]): Promise<void> {
    const server = await this.#begin();
    for (const operation of operations) {
      this.#happen(server, operation);
      await this.#scheduler.sleep(operation.pauseMs);
      this.#checkSoFar();
    }
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    await this.#calmDown(server);
    this.#checkSoFar();
    const workspaceId = this.#workspaceId();
    // A crash takes the last moments of the books along, and a disk that fails says nothing of what it did all the same: what is found out anew may then look like a conflict.
    const isUndisturbed =
      !operations.some(({ kind }) => kind === "crash") && this.#life.diskFailures.every((failures) => failures === 0);
    const isSolitary = this.#life.workers.length === 1 && isUndisturbed;
    await checkPromises({
      server,
      devices: this.#devices,
      workspaceId,
      contents: this.#contents,
      history: this.#history,
      isSolitary,
    });
  }

  /** What devices have not settled yet. */
  describe(): string[] {
    return this.#devices.flatMap((device) => device.describeState());
  }

  async close(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.#server?.close();
  }

  async #begin(): Promise<SimServer> {
    const random = seededRandom(`${this.#seed}/world`);
    const scheduler = this.#scheduler;
    const server = await SimServer.open({ scheduler, random: random.fork("server") });
    this.#server = server;
    for (let index = 0; index < this.#life.devices; index += 1) {
      const name = `d${index}`;
      const login = await server.login(name);
      const network = new Network({ random: random.fork(`${name}/network`), scheduler, weather: this.#life.weather });
      const onCommitted = this.#history.add.bind(this.#history);
      const clockOffsetMs = this.#life.clockOffsetsMs[index] ?? 0;
      const device = new SimDevice(
        {
          name,
          server,
          login,
          network,
          scheduler,
          random: random.fork(name),
          trace: this.#trace,
          clockOffsetMs,
          onCommitted,
        },
        this.#life.habits[index] ?? reliable,
      );
      device.diskFailures = this.#life.diskFailures[index] ?? 0;
      watchVisibility(device, this.#contents, (error) => (this.#broken ??= error));
      this.#devices.push(device);
      this.#people.push(
        new Person({
          name: `@${name}`,
          disk: userDisk(device.files),
          contents: this.#contents,
          scheduler,
          trace: this.#trace,
        }),
      );
      device.start();
    }
    return server;
  }

  #workspaceId() {
    const [device] = this.#devices;
    if (!device) throw new Error("a world has devices");
    return device.workspaceId;
  }

  #happen(server: SimServer, operation: Operation): void {
    const device = this.#devices[operation.device];
    const person = this.#people[operation.device];
    if (!device || !person) return;
    const duration = (operation.draw % 1000) / 1000;
    switch (operation.kind) {
      case "idle":
        return this.#beside(this.#scheduler.sleep(duration * 5000));
      case "disconnect":
        return this.#beside(this.#disconnect(device, duration * duration * maxOutageMs));
      case "crash":
        if (this.#life.hasPowerCuts && operation.draw % 2 === 0) device.cutPower();
        else device.crash();
        return this.#beside(this.#startAfter(device, duration * duration * maxOutageMs));
      case "restart":
        return this.#beside(device.stop().then(() => this.#startAfter(device, duration * maxOutageMs)));
      case "restart_server":
        return this.#beside(this.#restartServer(server, duration * duration * maxOutageMs));
      default:
        return this.#beside(person.work(operation.kind, operation.draw));
    }
  }

  #beside(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => {
        this.#broken ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#pending.delete(guarded));
    this.#pending.add(guarded);
  }

  async #disconnect(device: SimDevice, durationMs: number): Promise<void> {
    this.#trace.add(device.name, "loses its network");
    device.network.setConnected(false);
    await this.#scheduler.sleep(durationMs);
    this.#trace.add(device.name, "has its network again");
    device.network.setConnected(true);
  }

  async #startAfter(device: SimDevice, durationMs: number): Promise<void> {
    await this.#scheduler.sleep(durationMs);
    device.start();
  }

  async #restartServer(server: SimServer, durationMs: number): Promise<void> {
    this.#trace.add("server", "goes down");
    server.stop();
    await this.#scheduler.sleep(durationMs);
    if (server.core) return;
    this.#trace.add("server", "is up again");
    server.start();
  }

  /** Ends all faults and lets everybody come into step. @throws BrokenPromiseError when they don't */
  async #calmDown(server: SimServer): Promise<void> {
    this.#trace.add("world", "is calm from now on");
    if (!server.core) server.start();
    for (const device of this.#devices) {
      device.habits = { ...reliable, isBlind: device.habits.isBlind };
      device.diskFailures = 0;
      device.network.setWeather(calm);
      device.network.setConnected(true);
      device.start();
    }
    let before = "";
    for (let round = 0; round < maxSettlingRounds; round += 1) {
      const outcomes = await this.#settle();
      const { sequence } = await server.metadata.tree.head(this.#workspaceId());
      const now = `${sequence} ${outcomes.join(" ")}`;
      if (now === before && outcomes.every((outcome) => outcome === "synced")) return;
      before = now;
      // What failed is tried again after up to a minute.
      if (outcomes.includes("issues")) await this.#scheduler.sleep(61_000);
    }
    const told = this.#devices.map(({ name, engine }) => `${name} ${JSON.stringify(engine.status())}`);
    throw new BrokenPromiseError(`they never come to rest: ${before}\n  ${told.join("\n  ")}`);
  }

  async #settle(): Promise<string[]> {
    const waits = this.#devices.map(async (device, index) => {
      const answering = new AbortController();
      const late = this.#scheduler.sleep(maxSettlingMs).then(() => {
        this.#checkSoFar();
        throw new BrokenPromiseError(
          `${device.name} does not come into step: ${JSON.stringify(device.engine.status())}`,
        );
      });
      const questions = this.#answerQuestions(device, this.#people[index], answering.signal);
      try {
        return await Promise.race([device.engine.waitSynced(), late, questions]);
      } finally {
        answering.abort();
      }
    });
    return Promise.all(waits);
  }

  /** Whoever emptied a folder meant it, and says so. */
  async #answerQuestions(device: SimDevice, person: Person | undefined, signal: AbortSignal): Promise<never> {
    for (;;) {
      await this.#scheduler.sleep(questionEveryMs);
      if (signal.aborted) return new Promise<never>(() => undefined);
      if (device.engine.status().issues.some(({ code }) => code === "root_emptied")) person?.confirmEmptied();
    }
  }

  #checkSoFar(): void {
    if (this.#broken) throw this.#broken;
    for (const { name, failure } of this.#devices) {
      if (failure) throw new BrokenPromiseError(`the engine of ${name} ended: ${failure.stack ?? failure.message}`);
    }
  }
}

/** How to look at the operations of a failure, and how to run it again. */
export function describeFailure({ seed, failure, operations, trace }: Outcome): string {
  const head = [
    `seed ${seed}: ${failure?.message ?? "fine"}`,
    "",
    ...(failure instanceof BrokenPromiseError ? [] : [failure?.stack ?? ""]),
  ];
  const list = operations.map((operation) => `  ${describeOperation(operation)},`);
  return [
    ...head,
    "Operations:",
    ...list,
    "",
    "Trace:",
    ...trace,
    "",
    `Run it again: npm run sim -- --seed ${seed}`,
  ].join("\n");
}
