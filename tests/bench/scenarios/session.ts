import { existsSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "@satchel/testkit";
import type { Adapter, Change, System } from "../adapters/adapter.ts";
import { firstDifference } from "../data/compare-folders.ts";
import type { Scale } from "../data/scale.ts";
import type { Expectation } from "../measure/expectations.ts";
import { startMeter, type Meter } from "../measure/meter.ts";
import type { Sample } from "../measure/sample.ts";
import { untilQuiet } from "../measure/until-quiet.ts";
import { untilShown } from "../measure/until-shown.ts";
import type { ScenarioId } from "./scenario-ids.ts";

/** What every session of a run has in common. */
export interface RunOptions {
  readonly scale: Scale;
  readonly scenarios: ReadonlySet<ScenarioId>;
  /** Where data is made: memory or a disk. */
  readonly directory: string;
  /** For one step. */
  readonly limitMs: number;
  /** Whether what each thread used is told. */
  readonly threads: boolean;
  /** Receives each sample as it is taken. */
  readonly onSample: (sample: Sample) => void;
}

/** One system at work on one pair of folders. */
export interface Session {
  readonly options: RunOptions;
  readonly adapter: Adapter;
  readonly a: string;
  readonly b: string;
  /** On the same file system, for what is prepared before it moves into A. */
  readonly staging: string;
  /** Reports a figure if its scenario was asked for. */
  report(row: ScenarioRow, sample: Pick<Sample, "timesMs" | "usage"> & Partial<Sample>): void;
}

/** A row of the tables and the scenario that it belongs to. */
export interface ScenarioRow {
  readonly scenario: ScenarioId;
  readonly row: string;
}

/** One change that is made and followed. */
export interface Step extends ScenarioRow {
  /** Makes the change in A; the clock starts just before. */
  readonly change: () => Change;
  readonly shown: Expectation;
}

/** Ends the session: what comes next would stand on something that did not happen. */
export class NotInTime extends Error {}

/** Two edits of one size closer than this are one to a system that compares times in steps of two seconds. */
const MIN_GAP_MS = 2_200;
const REST_LIMIT_MS = 10_000;
const READY_LIMIT_MS = 60_000;
const VERIFY_AGAIN_AFTER_MS = 250;

/** Opens a pair of folders under a system, plays on it, and removes everything, whatever happens. */
export async function withSession(
  options: RunOptions,
  { system, run, play }: { system: System; run: number; play: (session: Session) => Promise<void> },
): Promise<void> {
  await using directory = await temporaryDirectory("bench", options.directory);
  const place = { a: directory.join("a"), b: directory.join("b"), state: directory.join("state") };
  const staging = directory.join("staging");
  for (const folder of [...Object.values(place), staging]) await mkdir(folder);
  const adapter = system.open(place);
  const report: Session["report"] = ({ scenario, row }, sample) => {
    if (options.scenarios.has(scenario)) options.onSample({ system: system.name, run, row, ...sample });
  };
  try {
    await adapter.start();
    const session: Session = { options, adapter, a: place.a, b: place.b, staging, report };
    await untilReady(session);
    await play(session);
  } finally {
    await adapter.stop();
  }
}

/** Makes a change and measures until B shows it and the system rests; then compares every byte. */
export async function measure(session: Session, step: Step): Promise<void> {
  const { adapter, options } = session;
  await rest(session);
  const meter = startMeter(() => adapter.pids(), options);
  const startedMs = performance.now();
  const change = step.change();
  await adapter.propagate?.(change);
  const shownMs = await untilShown(step.shown, startedMs, options.limitMs);
  if (shownMs === undefined) giveUp(session, step, meter);
  await untilQuiet(meter.cpuSeconds, REST_LIMIT_MS);
  const usage = meter.stop();
  const verifiedMs = await untilEqual(session, startedMs);
  if (verifiedMs === undefined) giveUp(session, step, meter);
  const late = verifiedMs > 0;
  session.report(step, {
    timesMs: [late ? verifiedMs : shownMs],
    usage,
    ...(late ? { note: "B showed it before all bytes were equal: time of equality" } : {}),
  });
}

/** Waits for a rest, and long enough that no system takes two edits for one. */
export async function rest(session: Session): Promise<void> {
  const meter = startMeter(() => session.adapter.pids());
  await Promise.all([untilQuiet(meter.cpuSeconds, REST_LIMIT_MS), sleep(MIN_GAP_MS)]);
  meter.stop();
}

/** Reports that a step was not done, and ends the session. */
export function giveUp(session: Session, row: ScenarioRow, meter: Meter): never {
  const { limitMs } = session.options;
  session.report(row, { timesMs: [], notWithinMs: limitMs, usage: meter.stop() });
  throw new NotInTime(`${row.row}: not in ${limitMs} ms`);
}

/** 0 if A and B are equal now; else when they became so, from `startedMs`; undefined if not within the limit. */
export async function untilEqual(session: Session, startedMs: number): Promise<number | undefined> {
  const { a, b, adapter, options } = session;
  for (let first = true; ; first = false) {
    const difference = firstDifference(a, b, adapter.ownNames);
    const elapsedMs = performance.now() - startedMs;
    if (difference === undefined) return first ? 0 : elapsedMs;
    // A system that is told may have been told too early; it gets no second chance.
    if (elapsedMs > options.limitMs || adapter.propagate !== undefined) {
      console.error(`Not equal: ${difference}`);
      return undefined;
    }
    await sleep(VERIFY_AGAIN_AFTER_MS);
  }
}

/** A first small file has arrived: everything is connected and watching. */
async function untilReady(session: Session): Promise<void> {
  const { a, b, adapter } = session;
  const name = "ready.txt";
  writeFileSync(join(a, name), "ready\n");
  await adapter.propagate?.({ kind: "write", path: name });
  const ready = await untilShown(() => existsSync(join(b, name)), performance.now(), READY_LIMIT_MS);
  if (ready === undefined) throw new NotInTime(`a first file was not in B in ${READY_LIMIT_MS} ms`);
}
