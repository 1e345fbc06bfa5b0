import type { SeededRandom } from "@satchel/testkit";
import type { Scheduler } from "./scheduler.ts";

/** How bad a network is: probabilities for each request or push, and times. */
export interface NetworkWeather {
  readonly requestLost: number;
  /** The server did it, and the answer never arrived. */
  readonly answerLost: number;
  readonly duplicated: number;
  readonly busy: number;
  /** It arrives after its sender gave it up, and after what the sender asked next. */
  readonly belated: number;
  /** Refused for coming too often. */
  readonly tooMany: number;
  readonly pushLost: number;
  readonly pushDuplicated: number;
  readonly pushReordered: number;
  /** A request takes up to this long each way. */
  readonly latencyMs: number;
  readonly timeoutMs: number;
}

export const calm: NetworkWeather = {
  requestLost: 0,
  answerLost: 0,
  duplicated: 0,
  busy: 0,
  belated: 0,
  tooMany: 0,
  pushLost: 0,
  pushDuplicated: 0,
  pushReordered: 0,
  latencyMs: 20,
  timeoutMs: 1000,
};

/** What becomes of one request. */
export type Fate = "fine" | "request_lost" | "answer_lost" | "duplicated" | "busy" | "belated" | "too_many";

/** The weather between one device and the server. */
export class Network {
  readonly #random: SeededRandom;
  readonly scheduler: Scheduler;
  #weather: NetworkWeather;
  #isConnected = true;
  readonly #listeners = new Set<(connected: boolean) => void>();

  constructor(parts: {
    readonly random: SeededRandom;
    readonly scheduler: Scheduler;
    readonly weather: NetworkWeather;
  }) {
    this.#random = parts.random;
    this.scheduler = parts.scheduler;
    this.#weather = parts.weather;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get timeoutMs(): number {
    return this.#weather.timeoutMs;
  }

  setWeather(weather: NetworkWeather): void {
    this.#weather = weather;
  }

  setConnected(connected: boolean): void {
    if (this.#isConnected === connected) return;
    this.#isConnected = connected;
    for (const listener of this.#listeners) listener(connected);
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  fate(): Fate {
    const { requestLost, answerLost, duplicated, busy, belated, tooMany } = this.#weather;
    let draw = this.#random.float();
    const shares: readonly [Fate, number][] = [
      ["request_lost", requestLost],
      ["answer_lost", answerLost],
      ["duplicated", duplicated],
      ["busy", busy],
      ["belated", belated],
      ["too_many", tooMany],
    ];
    for (const [fate, share] of shares) {
      if (draw < share) return fate;
      draw -= share;
    }
    return "fine";
  }

  /** How long one way takes: mostly short, now and then long. */
  delayMs(): number {
    const share = this.#random.float();
    return this.#weather.latencyMs * share * share;
  }

  /** When a push's copies arrive: none when it is lost. Pushes overtake one another only in bad weather. */
  pushDelays(): number[] {
    const { pushLost, pushDuplicated, pushReordered, latencyMs } = this.#weather;
    if (this.#random.chance(pushLost)) return [];
    const late = this.#random.chance(pushReordered) ? this.#random.float() * 10 * latencyMs : 0;
    const delays = [late];
    if (this.#random.chance(pushDuplicated)) delays.push(this.#random.float() * 10 * latencyMs);
    return delays;
  }
}
