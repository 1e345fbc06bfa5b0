import { linuxNames, macosNames, windowsNames, type NameRules } from "@satchel/engine";
import type { SeededRandom } from "@satchel/testkit";
import type { OperationKind, Weights } from "../work/operations.ts";
import { exclusionWeights, loginWeights, mishapWeights, spellingWeights, workWeights } from "./editions.ts";
import { drawDiskFaults, drawHabits, drawWeather } from "./draw-faults.ts";
import type { Life } from "./life.ts";
import { calm } from "./network.ts";
import { reliable } from "./sim-watcher.ts";

/** Most lives are short, since most faults need few steps and many tries; some are long. */
const meanMoreOperations = 6;
const maxOperations = 60;
/** As HFS+ keeps them: in NFD. */
const hfsNames: NameRules = { ...macosNames, normalization: "decomposed" };
const maxClockOffsetMs = 3 * 24 * 3600 * 1000;

/**
 * A life of the third edition. Each has some kinds of operations and some kinds of mishaps only (as in swarm testing, Groce et al. 2012): what everything happens in hides what takes two things to happen
 * often.
 */
export function drawModernLife(random: SeededRandom): Life {
  const draw = random.below(20);
  const devices = draw < 13 ? 2 : draw < 18 ? 3 : 4;
  const all = Array.from({ length: devices }, (_, index) => index);
  const isPeaceful = random.chance(0.25);
  const weights = {
    ...some(random, workWeights, 0.5),
    // Without files there is nothing to be done to.
    create: 14,
    idle: 4,
    rest: isPeaceful ? 8 : 2,
    ...(isPeaceful ? {} : some(random, mishapWeights, 0.3)),
  };
  return {
    devices,
    workers: random.chance(0.25) ? [random.below(devices)] : all,
    operations: drawLength(random),
    weights: random.chance(0.02) ? { ...weights, restore_backup: 10 } : weights,
    weather: isPeaceful ? calm : modernWeather(random),
    habits: all.map(() => (isPeaceful ? reliable : drawHabits(random))),
    clockOffsetsMs: all.map(() => (random.chance(0.7) ? 0 : random.below(maxClockOffsetMs))),
    ...(isPeaceful ? { diskFailures: all.map(() => 0), hasPowerCuts: false } : drawDiskFaults(random, devices)),
    isApart: random.chance(0.15),
    hasIgnoreRules: true,
    nameRules: all.map(() => linuxNames),
    hasTokens: false,
  };
}

/** In a third of the fifth edition's lives each, devices have tokens, and leave things out. What a server that is put back makes of either is not played. */
export function drawLogins(life: Life, random: SeededRandom): Life {
  const isPutBack = life.weights.restore_backup !== undefined;
  const [hasTokens, hasExclusions] = [random.chance(1 / 3), random.chance(1 / 3)];
  if (isPutBack) return life;
  const weights = {
    ...life.weights,
    ...(hasTokens && loginWeights),
    ...(hasExclusions && exclusionWeights),
  };
  return { ...life, hasTokens, weights };
}

/** A third of the fourth edition's lives: each disk may be one of another system. (How ignore rules name what has an alias is not played.) */
export function drawForeignDisks(life: Life, random: SeededRandom): Life {
  if (random.chance(2 / 3)) return life;
  const nameRules = life.nameRules.map(() => random.pick([linuxNames, macosNames, windowsNames, hfsNames]));
  return { ...life, nameRules, hasIgnoreRules: false };
}

/** Where a disk takes two spellings for one name, people rename over the other spelling, too. */
export function drawSpellings(life: Life): Life {
  const folds = life.nameRules.some(({ foldsCase }) => foldsCase);
  return folds ? { ...life, weights: { ...life.weights, ...spellingWeights } } : life;
}

function modernWeather(random: SeededRandom): Life["weather"] {
  const weather = drawWeather(random);
  if (weather === calm || random.chance(0.6)) return weather;
  return { ...weather, belated: random.float() * 0.1, tooMany: random.float() * 0.1 };
}

/** At least two, since a life in which nothing meets nothing tells little. */
function drawLength(random: SeededRandom): number {
  const more = Math.floor(-Math.log(1 - random.float()) * meanMoreOperations);
  return Math.min(2 + more, maxOperations);
}

function some(random: SeededRandom, weights: Weights, probability: number): Weights {
  const kept = (Object.entries(weights) as [OperationKind, number][]).filter(() => random.chance(probability));
  return Object.fromEntries(kept);
}
