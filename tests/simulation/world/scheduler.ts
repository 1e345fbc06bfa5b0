import type { SeededRandom } from "@satchel/testkit";

/** Looking at the clock so often between two events means that somebody goes in a circle without waiting for anything. */
const maxLooksPerEvent = 200_000;
/** Events that one round of Node's event loop plays. */
const eventsPerRound = 64;

/** Time went on and on, or stood still: a fault of the program that is simulated. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

interface Event {
  readonly atMs: number;
  /** Orders what happens at one instant, by the seed. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** Virtual time. Everything that waits in a simulated world waits here, so that one seed decides what happens when. */
export class Scheduler {
  readonly #random: SeededRandom;
  readonly #heap: Event[] = [];
  readonly #maxEvents: number;
  #nowMs = startMs;
  #looks = 0;
  /** How many events have been run. */
  events = 0;

  constructor(options: { readonly random: SeededRandom; readonly maxEvents: number }) {
    this.#random = options.random;
    this.#maxEvents = options.maxEvents;
  }

  /** Milliseconds since 1970, in whole ones. @throws StuckError when asked without end at one instant */
  nowMs(): number {
    this.#looks += 1;
    if (this.#looks > maxLooksPerEvent) throw new StuckError("a loop goes round without waiting for anything");
    return Math.floor(this.#nowMs);
  }

  /** Since the beginning of the world, with fractions. */
  get elapsedMs(): number {
    return this.#nowMs - startMs;
  }

  /** Runs the task once, later; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void {
    const event: Event = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#random.uint32(), run };
    push(this.#heap, event);
    return () => {
      event.run = undefined;
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Lets the world go on until the work is done. @throws what the work throws; StuckError when it never ends */
  async play<T>(work: Promise<T>): Promise<T> {
    const progress: Progress = { isDone: false, failure: undefined };
    const finished = work.finally(() => {
      progress.isDone = true;
    });
    finished.catch(() => {});
    while (!progress.isDone && progress.failure === undefined) await this.#playSome(progress);
    if (progress.failure !== undefined) throw progress.failure;
    return finished;
  }

  /** Between two tasks of one round of Node's loop every promise is settled that can be, and going round once for many events is cheaper than for each. */
  #playSome(progress: Progress): Promise<void> {
    return new Promise((resolve) => {
      for (let left = eventsPerRound; left > 0; left -= 1) setImmediate(() => this.#playOne(progress));
      setImmediate(resolve);
    });
  }

  #playOne(progress: Progress): void {
    if (progress.isDone || progress.failure !== undefined) return;
    try {
      this.#runNext();
    } catch (error) {
      progress.failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  #runNext(): void {
    const event = popLive(this.#heap);
    if (event === undefined) throw new StuckError("nothing is left that could happen");
    this.#nowMs = event.atMs;
    this.#looks = 0;
    this.events += 1;
    if (this.events > this.#maxEvents) throw new StuckError(`no end after ${this.events} events`);
    event.run();
  }
}

interface Progress {
  isDone: boolean;
  failure: Error | undefined;
}

/** Where time begins in every world: 2026-01-01. */
export const startMs = Date.UTC(2026, 0, 1);

/** The first event that was not cancelled. */
function popLive(heap: Event[]): (Event & { run: () => void }) | undefined {
  for (;;) {
    const event = pop(heap);
    if (event?.run !== undefined || event === undefined) return event as (Event & { run: () => void }) | undefined;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Event;
    if (!isBefore(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const below = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event) ? right : left;
    if (!isBefore(heap[below] as Event, last)) break;
    heap[at] = heap[below] as Event;
    at = below;
  }
  heap[at] = last;
  return first;
}
