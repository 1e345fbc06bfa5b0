import type { SeededRandom } from "@satchel/testkit";
import { calm, type NetworkWeather } from "./network.ts";
import { reliable, type WatcherHabits } from "./sim-watcher.ts";

/** What sort of life a seed leads. */
export interface Life {
  readonly devices: number;
  /** Positions of the devices that somebody works at. */
  readonly workers: readonly number[];
  readonly operations: number;
  readonly weather: NetworkWeather;
  readonly habits: readonly WatcherHabits[];
  readonly clockOffsetsMs: readonly number[];
  /** How often a call of each device's disk fails. */
  readonly diskFailures: readonly number[];
  /** Whether a crash may be a power cut. */
  readonly hasPowerCuts: boolean;
}

/** Lives before this seed are played as when they were first found worth keeping: without what was added since. */
const secondEditionSeed = 20_000;

const maxDiskFailures = 0.15;
const maxClockOffsetMs = 3 * 24 * 3600 * 1000;

export function drawLife(seed: number, random: SeededRandom): Life {
  const devices = random.chance(0.6) ? 2 : 3;
  const all = Array.from({ length: devices }, (_, index) => index);
  return {
    devices,
    workers: random.chance(0.2) ? [random.below(devices)] : all,
    operations: 4 + random.below(28),
    weather: drawWeather(random),
    habits: all.map(() => drawHabits(random)),
    clockOffsetsMs: all.map(() => (random.chance(0.7) ? 0 : random.below(maxClockOffsetMs))),
    ...(seed < secondEditionSeed
      ? { diskFailures: all.map(() => 0), hasPowerCuts: false }
      : drawDiskFaults(random, devices)),
  };
}

function drawDiskFaults(random: SeededRandom, devices: number): Pick<Life, "diskFailures" | "hasPowerCuts"> {
  const fails = random.chance(0.3);
  return {
    diskFailures: Array.from({ length: devices }, () => (fails ? random.float() * maxDiskFailures : 0)),
    hasPowerCuts: random.chance(0.5),
  };
}

function drawWeather(random: SeededRandom): NetworkWeather {
  if (random.chance(0.4)) return calm;
  const upTo = (most: number): number => (random.chance(0.5) ? random.float() * most : 0);
  return {
    requestLost: upTo(0.15),
    answerLost: upTo(0.15),
    duplicated: upTo(0.15),
    busy: upTo(0.1),
    pushLost: upTo(0.2),
    pushDuplicated: upTo(0.2),
    pushReordered: upTo(0.3),
    latencyMs: random.pick([2, 20, 200]),
    timeoutMs: random.pick([200, 2000, 20_000]),
  };
}

function drawHabits(random: SeededRandom): WatcherHabits {
  if (random.chance(0.4)) return reliable;
  const upTo = (most: number): number => (random.chance(0.5) ? random.float() * most : 0);
  return {
    lost: upTo(0.4),
    duplicated: upTo(0.3),
    late: upTo(0.4),
    overflowed: upTo(0.1),
    isBlind: random.chance(0.1),
  };
}
