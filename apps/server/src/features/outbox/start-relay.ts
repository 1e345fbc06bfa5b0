import { ProblemError, type WorkspaceId } from "@satchel/protocol";
import type { FastifyBaseLogger } from "fastify";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { UnsentCommit } from "../../storage/metadata/outbox-store.ts";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";
import { startJob, type RunningJob } from "../jobs/start-job.ts";
import { withLease } from "../jobs/with-lease.ts";

const everyMs = 5000;
/** Whoever committed has told by then, unless it died or the bus is away. */
const patienceMs = 10_000;
const commitsPerRound = 5000;

interface RelayParts {
  readonly metadata: Pick<MetadataStore, "outbox" | "tree" | "leases">;
  readonly bus: Bus;
  readonly host: Host;
  readonly holder: string;
  readonly logger: Pick<FastifyBaseLogger, "info" | "error">;
}

/** Tells of commits whose own process didn't: every so often, at one process. */
export function startRelay(parts: RelayParts): RunningJob {
  const { metadata, host, holder, logger } = parts;
  const lease = withLease({ leases: metadata.leases, host, holder }, { name: "relay", forMs: 4 * everyMs });
  const run = async (): Promise<void> => {
    const told = await relayOnce(parts);
    if (told > 0) logger.info({ commits: told }, "told of commits that had not been told");
  };
  return startJob({ name: "The outbox's relay", everyMs, lease, run }, { host, logger });
}

/**
 * One round; answers how many commits were told of. Each workspace is told once, of everything up to its present head, so that what is told late never comes behind what is newer. They leave the outbox when the bus has them: dying before that tells them again.
 */
export async function relayOnce({ metadata, bus, host }: Omit<RelayParts, "holder" | "logger">): Promise<number> {
  const unsent = await metadata.outbox.list({ madeBeforeMs: host.nowMs() - patienceMs, limit: commitsPerRound });
  const byWorkspace = Map.groupBy(unsent, ({ workspaceId }) => workspaceId);
  for (const [workspaceId, commits] of byWorkspace) {
    const head = await findHead(metadata, workspaceId);
    if (head && commits[0]) await tell(bus, { workspaceId, before: commits[0].before, after: head });
    await metadata.outbox.forget(commits.map(({ after }) => ({ workspaceId, sequence: after.sequence })));
  }
  return unsent.length;
}

/** Undefined for a workspace that is gone. */
async function findHead({ tree }: RelayParts["metadata"], workspaceId: WorkspaceId): Promise<FeedPosition | undefined> {
  return tree.head(workspaceId).catch((error: unknown) => {
    if (error instanceof ProblemError) return undefined;
    throw error;
  });
}

/** Only that there is something new: what it is tells the feed. Resolves when the bus has it. */
async function tell(bus: Bus, { workspaceId, before, after }: UnsentCommit): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const message = { workspaceId, before, after, origin: null, changes: [], isComplete: false, carried: [] };
  bus.publish({ kind: "committed", ...message }, resolve);
  await promise;
}
