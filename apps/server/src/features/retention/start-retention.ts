import type { FastifyBaseLogger } from "fastify";
import type { Host } from "../../host.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { startJob, type RunningJob } from "../jobs/start-job.ts";
import { withLease } from "../jobs/with-lease.ts";
import { createRetention, type RetentionPeriods } from "./retention.ts";

interface RetentionJobParts {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  readonly host: Host;
  /** Of this process's leases. */
  readonly holder: string;
  readonly config: RetentionPeriods & { readonly everyMs: number };
  readonly auditKey: Uint8Array;
  readonly eraseDue: (signal: AbortSignal) => Promise<number>;
  /** What is done when a round is through. */
  readonly afterRound: () => Promise<void>;
  readonly logger: Pick<FastifyBaseLogger, "info" | "error">;
}

/** Runs the retention job every so often, at one process: a chunk is collected by whoever found it unheld a round before, so whoever has the job keeps it for two rounds. */
export function startRetention(parts: RetentionJobParts): RunningJob {
  const { metadata, chunks, host, holder, config, auditKey, eraseDue, afterRound, logger } = parts;
  const retention = createRetention({ metadata, chunks, host, periods: config, auditKey, eraseDue });
  const lease = withLease(
    { leases: metadata.leases, host, holder },
    { name: "retention", forMs: 2.5 * config.everyMs },
  );
  const run = async (signal: AbortSignal): Promise<void> => {
    logger.info(await retention.run(signal), "retention");
    if (!signal.aborted) await afterRound();
  };
  const record = { store: metadata.jobRounds, name: "retention" };
  return startJob({ name: "The retention job", everyMs: config.everyMs, lease, run, record }, { host, logger });
}
