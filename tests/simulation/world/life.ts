import { linuxNames, type NameRules } from "@satchel/engine";
import type { SeededRandom } from "@satchel/testkit";
import type { Weights } from "../work/operations.ts";
import { drawDiskFaults, drawHabits, drawWeather } from "./draw-faults.ts";
import {
  earlyWeights,
  fifthEditionSeed,
  fourthEditionSeed,
  secondEditionSeed,
  sixthEditionSeed,
  thirdEditionSeed,
} from "./editions.ts";
import { drawForeignDisks, drawLogins, drawModernLife, drawSpellings } from "./modern-life.ts";
import type { NetworkWeather } from "./network.ts";
import type { WatcherHabits } from "./sim-watcher.ts";

/** What sort of life a seed leads. */
export interface Life {
  readonly devices: number;
  /** Positions of the devices that somebody works at. */
  readonly workers: readonly number[];
  readonly operations: number;
  readonly weights: Weights;
  readonly weather: NetworkWeather;
  readonly habits: readonly WatcherHabits[];
  readonly clockOffsetsMs: readonly number[];
  /** How often a call of each device's disk fails. */
  readonly diskFailures: readonly number[];
  /** Whether a crash may be a power cut. */
  readonly hasPowerCuts: boolean;
  /** Whether everybody works in a folder of their own, so that nobody is in another's way. */
  readonly isApart: boolean;
  /** Whether `.satchelignore` means something. */
  readonly hasIgnoreRules: boolean;
  /** What names each device's disk can hold. */
  readonly nameRules: readonly NameRules[];
  /** Whether devices show tokens, which expire and are exchanged; otherwise the server knows them without. */
  readonly hasTokens: boolean;
}

const maxClockOffsetMs = 3 * 24 * 3600 * 1000;

export function drawLife(seed: number, random: SeededRandom): Life {
  if (seed >= sixthEditionSeed)
    return drawSpellings(drawLogins(drawForeignDisks(drawModernLife(random), random), random));
  if (seed >= fifthEditionSeed) return drawLogins(drawForeignDisks(drawModernLife(random), random), random);
  if (seed >= fourthEditionSeed) return drawForeignDisks(drawModernLife(random), random);
  if (seed >= thirdEditionSeed) return drawModernLife(random);
  const devices = random.chance(0.6) ? 2 : 3;
  const all = Array.from({ length: devices }, (_, index) => index);
  return {
    devices,
    workers: random.chance(0.2) ? [random.below(devices)] : all,
    operations: 4 + random.below(28),
    weights: earlyWeights,
    weather: drawWeather(random),
    habits: all.map(() => drawHabits(random)),
    clockOffsetsMs: all.map(() => (random.chance(0.7) ? 0 : random.below(maxClockOffsetMs))),
    isApart: false,
    hasIgnoreRules: false,
    nameRules: all.map(() => linuxNames),
    hasTokens: false,
    ...(seed < secondEditionSeed
      ? { diskFailures: all.map(() => 0), hasPowerCuts: false }
      : drawDiskFaults(random, devices)),
  };
}
