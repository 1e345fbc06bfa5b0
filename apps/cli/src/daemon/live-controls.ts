import { isPausedAt, readControls, type Controls } from "../controls/controls-file.ts";
import { ratesAt, type Rates } from "../controls/timetable.ts";
import type { Home } from "../home/home.ts";
import type { SyncEngine } from "./sync-engine.ts";

/** How often the end of a pause is looked for, in milliseconds: a clock may jump, a machine may sleep. */
const lookEveryMs = 5000;

/** What the person decided, as it holds now for the running sync. */
export interface LiveControls {
  current(): Controls;
  rates(): Rates;
  /** Takes what the file says now. */
  reload(): Promise<void>;
  /** From now on the engine does what is decided. */
  attach(engine: Pick<SyncEngine, "pause" | "resume" | "setExcluded">): void;
  close(): void;
}

/** @throws CommandError when the file can't be understood */
export async function openLiveControls(home: Home, nowMs: () => number = Date.now): Promise<LiveControls> {
  let controls = await readControls(home);
  let engine: Pick<SyncEngine, "pause" | "resume" | "setExcluded"> | undefined;
  let isPaused = false;
  let timer: NodeJS.Timeout | undefined;

  function keepPause(): void {
    clearTimeout(timer);
    const shouldPause = isPausedAt(controls, nowMs());
    if (shouldPause !== isPaused) {
      isPaused = shouldPause;
      if (shouldPause) engine?.pause();
      else engine?.resume();
    }
    const untilMs = controls.pause?.untilMs ?? null;
    if (!shouldPause || untilMs === null) return;
    timer = setTimeout(keepPause, Math.min(lookEveryMs, untilMs - nowMs()));
    timer.unref();
  }

  return {
    current: () => controls,
    rates: () => ratesAt(controls.limits, new Date(nowMs())),
    async reload() {
      controls = await readControls(home);
      engine?.setExcluded(controls.excluded.map(({ id }) => id));
      keepPause();
    },
    attach(attached) {
      engine = attached;
      keepPause();
    },
    close: () => clearTimeout(timer),
  };
}
