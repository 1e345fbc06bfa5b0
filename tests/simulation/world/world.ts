import { linuxNames } from "@satchel/engine";
import { seededRandom } from "@satchel/testkit";
import { BrokenPromiseError } from "../checks/broken-promise.ts";
import { checkLeftOut, checkPromises } from "../checks/promises.ts";
import { checkNothingDeleted } from "../checks/went-back.ts";
import { treeOfDisk } from "../checks/trees.ts";
import { checkInStepUnasked, isUntroubled } from "../checks/unasked.ts";
import { watchVisibility } from "../checks/visibility.ts";
import { Contents } from "../work/contents.ts";
import { History } from "../work/history.ts";
import { isMishap, isWork, type Operation } from "../work/operations.ts";
import { Person } from "../work/person.ts";
import { calmDown, settle } from "./calm.ts";
import type { Life } from "./life.ts";
import { homeOf } from "./home-of.ts";
import { befall, type Stage } from "./mishaps.ts";
import { Network } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import { SimDevice } from "./sim-device.ts";
import { SimServer } from "./sim-server.ts";
import { reliable } from "./sim-watcher.ts";
import type { Trace } from "./trace.ts";
import { userDisk } from "./user-disk.ts";

const maxIdleMs = 5000;
/** So long people rest for all to come into step. */
const maxRestMs = 60_000;
/** So long devices may go on after the server was put back. */
const wentBackMs = 90_000;

/** Longer than an access token is good. */
const outlastMs = 11 * 60_000;

/** One server, its devices, and the people at them. */
export class World {
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

  /** Until all is over and every promise was looked at. @throws BrokenPromiseError */
  async live(operations: readonly Operation[]): Promise<void> {
    const stage = await this.#begin();
    for (const operation of operations) {
      await this.#happen(stage, operation);
      await this.#scheduler.sleep(operation.pauseMs);
      this.#checkSoFar();
    }
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    const asLeft = this.#devices.map(({ files }) => treeOfDisk(files));
    if (isUntroubled(stage, operations)) await checkInStepUnasked(stage);
    await calmDown(stage);
    if (stage.server.hasGoneBack) {
      await this.#scheduler.sleep(wentBackMs);
      this.#checkSoFar();
      return checkNothingDeleted(stage);
    }
    await settle(stage, () => this.#checkSoFar());
    this.#checkSoFar();
    if (this.#devices.some(({ excluded }) => excluded.size > 0)) {
      await checkLeftOut(stage);
      this.#trace.add("world", "takes everything in again");
      for (const device of this.#devices) device.takeIn([...device.excluded]);
      await settle(stage, () => this.#checkSoFar());
      this.#checkSoFar();
    }
    await checkPromises({ ...stage, operations, asLeft });
  }

  /** What devices have not settled yet. */
  describe(): string[] {
    return this.#devices.flatMap((device) => device.describeState());
  }

  async close(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.#server?.close();
  }

  async #begin(): Promise<Stage> {
    const random = seededRandom(`${this.#seed}/world`);
    const scheduler = this.#scheduler;
    const server = await SimServer.open({ scheduler, random: random.fork("server") });
    this.#server = server;
    for (let index = 0; index < this.#life.devices; index += 1) {
      const name = `d${index}`;
      const login = await server.login(name);
      const network = new Network({ random: random.fork(`${name}/network`), scheduler, weather: this.#life.weather });
      const device = new SimDevice(
        {
          name,
          server,
          login,
          network,
          scheduler,
          random: random.fork(name),
          trace: this.#trace,
          clockOffsetMs: this.#life.clockOffsetsMs[index] ?? 0,
          hasIgnoreRules: this.#life.hasIgnoreRules,
          nameRules: this.#life.nameRules[index] ?? linuxNames,
          plansNarrowly: index % 2 === 1,
          hasTokens: this.#life.hasTokens,
          onCommitted: this.#history.add.bind(this.#history),
        },
        this.#life.habits[index] ?? reliable,
      );
      device.diskFailures = this.#life.diskFailures[index] ?? 0;
      watchVisibility(device, this.#contents, (error) => (this.#broken ??= error));
      this.#devices.push(device);
      this.#people.push(this.#personAt(device));
      device.start();
    }
    return {
      devices: this.#devices,
      people: this.#people,
      server,
      scheduler,
      life: this.#life,
      trace: this.#trace,
      history: this.#history,
      contents: this.#contents,
    };
  }

  #personAt(device: SimDevice): Person {
    return new Person({
      name: `@${device.name}`,
      disk: userDisk(device.files, () => !device.isAway),
      contents: this.#contents,
      scheduler: this.#scheduler,
      trace: this.#trace,
      home: homeOf(this.#life, device),
    });
  }

  async #happen(stage: Stage, operation: Operation): Promise<void> {
    const { kind, device, draw } = operation;
    if (kind === "rest") return this.#rest(stage);
    if (kind === "outlast_token") return this.#scheduler.sleep(outlastMs);
    if (kind === "idle") return this.#beside(this.#scheduler.sleep(((draw % 1000) / 1000) * maxIdleMs));
    if (isMishap(kind)) return this.#beside(befall(stage, kind, operation));
    const person = this.#people[device];
    if (person && isWork(kind)) this.#beside(person.work(kind, draw));
  }

  /** Waits until all that runs is in step; where something keeps it from that, not for long. */
  async #rest({ devices, scheduler }: Stage): Promise<void> {
    const running = devices.filter(({ isRunning }) => isRunning);
    await Promise.race([Promise.all(running.map(({ engine }) => engine.waitSynced())), scheduler.sleep(maxRestMs)]);
  }

  #beside(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => {
        this.#broken ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#pending.delete(guarded));
    this.#pending.add(guarded);
  }

  /** @throws what went wrong up to now */
  #checkSoFar(): void {
    if (this.#broken) throw this.#broken;
    for (const { name, failure } of this.#devices) {
      if (failure) throw new BrokenPromiseError(`the engine of ${name} ended: ${failure.stack ?? failure.message}`);
    }
  }
}
