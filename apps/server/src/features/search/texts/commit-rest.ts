import type { Host } from "../../../host.ts";
import type { Bus } from "../../../storage/bus/bus.ts";

/** Commits come in bursts: a server is at rest when none came for this long. */
const quietMs = 1000;
/** Where commits never rest, work that waits for that is done for this long after it waited as long. */
const turnMs = 30_000;

/** When the server has time for what nobody waits for. */
export interface CommitRest {
  /** Resolves when no commit came for a second. Where there is always one, half of the time counts as rest, in turns of 30 seconds. */
  untilRest(): Promise<void>;
  /** Whoever waits has waited long enough. */
  stop(): void;
}

export function watchCommitRest({ bus, host }: { readonly bus: Bus; readonly host: Host }): CommitRest {
  const waiting = new Set<() => void>();
  let lastMs: number | undefined;
  let lateUntilMs = -Infinity;
  let isStopped = false;
  const endListening = bus.subscribe((message) => {
    if (message.kind === "committed") lastMs = host.nowMs();
  });

  const leftMs = (): number => (lastMs === undefined || isStopped ? 0 : quietMs - (host.nowMs() - lastMs));

  function wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        waiting.delete(end);
        cancel();
        resolve();
      };
      const cancel = host.after(delayMs, end);
      waiting.add(end);
    });
  }

  return {
    async untilRest() {
      const startedMs = host.nowMs();
      for (let delayMs = leftMs(); delayMs > 0; delayMs = leftMs()) {
        const nowMs = host.nowMs();
        if (nowMs < lateUntilMs) return;
        if (nowMs - startedMs >= turnMs) {
          lateUntilMs = nowMs + turnMs;
          return;
        }
        await wait(delayMs);
      }
    },
    stop() {
      isStopped = true;
      endListening();
      for (const end of waiting) end();
    },
  };
}
