import type { FastifyBaseLogger } from "fastify";
import type { Host } from "../../host.ts";
import { recordedRound, type RoundRecord } from "./recorded-round.ts";
import type { Lease } from "./with-lease.ts";

export interface Job {
  /** As a sentence begins with it. */
  readonly name: string;
  readonly everyMs: number;
  readonly lease: Lease;
  /** One round. May be killed anywhere, and run at two processes at once when clocks disagree. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Where its rounds are written down for people; left out for one that has nothing to tell. */
  readonly record?: RoundRecord;
}

export interface RunningJob {
  /** Ends the round under way, and lets another process have the job. */
  stop(): Promise<void>;
}

/** Runs a job every so often, one round at a time. The first comes after a whole interval, so that a restart costs nothing. */
export function startJob(
  { name, everyMs, lease, run, record }: Job,
  { host, logger }: { readonly host: Host; readonly logger: Pick<FastifyBaseLogger, "error"> },
): RunningJob {
  const stopping = new AbortController();
  let round: Promise<void> = Promise.resolve();
  const doRound = (): Promise<void> => run(stopping.signal);
  let cancel = host.after(everyMs, begin);

  function begin(): void {
    round = lease
      .run(() => (record ? recordedRound(record, { host, everyMs }, doRound) : doRound()))
      .catch((err: unknown) => logger.error({ err }, `${name} failed; it tries again later`))
      .then(() => {
        if (!stopping.signal.aborted) cancel = host.after(everyMs, begin);
      });
  }

  return {
    async stop() {
      stopping.abort();
      cancel();
      await round;
      await lease.release().catch((err: unknown) => logger.error({ err }, `${name} keeps its lease until it runs out`));
    },
  };
}
