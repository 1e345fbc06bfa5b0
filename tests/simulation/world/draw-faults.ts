import type { SeededRandom } from "@satchel/testkit";
import type { Life } from "./life.ts";
import { calm, type NetworkWeather } from "./network.ts";
import { reliable, type WatcherHabits } from "./sim-watcher.ts";

const maxDiskFailures = 0.15;

export function drawDiskFaults(random: SeededRandom, devices: number): Pick<Life, "diskFailures" | "hasPowerCuts"> {
  const fails = random.chance(0.3);
  return {
    diskFailures: Array.from({ length: devices }, () => (fails ? random.float() * maxDiskFailures : 0)),
    hasPowerCuts: random.chance(0.5),
  };
}

export function drawWeather(random: SeededRandom): NetworkWeather {
  if (random.chance(0.4)) return calm;
  const upTo = (most: number): number => (random.chance(0.5) ? random.float() * most : 0);
  return {
    requestLost: upTo(0.15),
    answerLost: upTo(0.15),
    duplicated: upTo(0.15),
    busy: upTo(0.1),
    belated: 0,
    tooMany: 0,
    pushLost: upTo(0.2),
    pushDuplicated: upTo(0.2),
    pushReordered: upTo(0.3),
    latencyMs: random.pick([2, 20, 200]),
    timeoutMs: random.pick([200, 2000, 20_000]),
  };
}

export function drawHabits(random: SeededRandom): WatcherHabits {
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
