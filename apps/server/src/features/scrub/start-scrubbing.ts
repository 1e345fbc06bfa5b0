import type { FastifyBaseLogger } from "fastify";
import type { Host } from "../../host.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { startJob, type RunningJob } from "../jobs/start-job.ts";
import { withLease } from "../jobs/with-lease.ts";
import { scrubSome, tendDamaged, type ScrubParts } from "./scrub-chunks.ts";

const everyMs = 60_000;

interface ScrubJobParts extends Omit<ScrubParts, "metadata" | "onDamaged" | "host"> {
  readonly metadata: Pick<MetadataStore, "maintenance" | "scrub" | "leases">;
  readonly host: Host;
  /** Of this process's leases. */
  readonly holder: string;
  /** At 0 nothing is read, and what is known to be damaged is asked for all the same. */
  readonly bytesPerSecond: number;
  readonly logger: Pick<FastifyBaseLogger, "error">;
}

/** Reads all stored chunks again over time, and has devices bring what is damaged. [OP40] [OP41] */
export function startScrubbing(parts: ScrubJobParts): RunningJob {
  const { metadata, host, holder, bytesPerSecond, logger } = parts;
  const lease = withLease({ leases: metadata.leases, host, holder }, { name: "scrub", forMs: 2.5 * everyMs });
  const scrubParts: ScrubParts = {
    ...parts,
    onDamaged: (chunks) =>
      logger.error(
        { chunks: chunks.map(({ hash }) => hash) },
        "stored chunks are damaged or lost; devices are asked for them",
      ),
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    await scrubSome(scrubParts, bytesPerSecond * (everyMs / 1000), signal);
    await tendDamaged(scrubParts, signal);
  };
  return startJob({ name: "The reading of stored chunks", everyMs, lease, run }, { host, logger });
}
