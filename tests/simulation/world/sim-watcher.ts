import type { SeededRandom } from "@satchel/testkit";
import type { Seen, Watcher } from "@satchel/engine";
import type { Process } from "./process.ts";

/** How bad a watcher is: probabilities for each hint, and times. */
export interface WatcherHabits {
  readonly lost: number;
  readonly duplicated: number;
  readonly late: number;
  /** Something overflowed: it only says that anything may have changed. */
  readonly overflowed: number;
  /** It does not watch at all, and the engine scans by time. */
  readonly isBlind: boolean;
}

export const reliable: WatcherHabits = { lost: 0, duplicated: 0, late: 0, overflowed: 0, isBlind: false };

/** A hint comes up to so much after its change, a late one up to the latter. */
const promptMs = 8;
const lateMs = 3000;
/** How often it looks at once, and tells what it saw only later. */
const sawEarly = 0.5;

interface WatcherParts {
  readonly process: Process;
  readonly random: SeededRandom;
  readonly habits: () => WatcherHabits;
  /** Tells of changed paths until it is ended. */
  readonly listen: (onChange: (path: string) => void) => () => void;
  /** The file or empty folder that is at a path; undefined when none is. */
  readonly look: (path: string) => Seen | undefined;
}

/** Watches a virtual disk, not always well: hints come late, out of order, twice or not at all. */
export function simWatcher({ process, random, habits, listen, look }: WatcherParts): Watcher {
  let end: (() => void) | undefined;
  return {
    async start(onHint) {
      if (habits().isBlind) return { mode: "scanning", reason: "this watcher is blind" };
      end = listen((path) => {
        const { lost, duplicated, late, overflowed } = habits();
        if (random.chance(lost)) return;
        const delay = random.float() * (random.chance(late) ? lateMs : promptMs);
        const paths = random.chance(overflowed) ? undefined : [path];
        // What was seen is as old as the change is, or as new as the telling.
        const early = random.chance(sawEarly) ? look(path) : undefined;
        const tell = (): void => {
          const seen = early ?? look(path);
          onHint(paths, seen && new Map([[path, seen]]));
        };
        process.tell(delay, tell);
        if (random.chance(duplicated)) process.tell(random.float() * lateMs, tell);
      });
      await process.pause(1);
      return { mode: "watching" };
    },
    stop() {
      end?.();
      end = undefined;
      return Promise.resolve();
    },
  };
}
