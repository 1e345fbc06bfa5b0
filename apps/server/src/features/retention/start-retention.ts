import type { FastifyBaseLogger } from "fastify";
import type { Host } from "../../host.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { createRetention, type RetentionPeriods } from "./retention.ts";

interface RetentionJobParts {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  readonly host: Host;
  readonly config: RetentionPeriods & { readonly everyMs: number };
  readonly auditKey: Uint8Array;
  readonly eraseDue: (signal: AbortSignal) => Promise<number>;
  /** What is done when a round is through. */
  readonly afterRound: () => Promise<void>;
  readonly logger: Pick<FastifyBaseLogger, "info" | "error">;
}

/** Runs the retention job every so often, one round at a time. The first comes after a whole interval, so that a restart costs nothing. */
export function startRetention(parts: RetentionJobParts): { stop(): Promise<void> } {
  const { metadata, chunks, host, config, auditKey, eraseDue, afterRound, logger } = parts;
  const retention = createRetention({ metadata, chunks, host, periods: config, auditKey, eraseDue });
  const stopping = new AbortController();
  let round: Promise<void> = Promise.resolve();
  let cancel = host.after(config.everyMs, begin);

  function begin(): void {
    round = retention
      .run(stopping.signal)
      .then((report) => logger.info(report, "retention"))
      .then(() => (stopping.signal.aborted ? undefined : afterRound()))
      .catch((err: unknown) => logger.error({ err }, "the retention job failed; it tries again later"))
      .then(() => {
        if (!stopping.signal.aborted) cancel = host.after(config.everyMs, begin);
      });
  }

  return {
    async stop() {
      stopping.abort();
      cancel();
      await round;
    },
  };
}
