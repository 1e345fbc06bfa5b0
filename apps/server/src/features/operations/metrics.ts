import { performance } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Host } from "../../host.ts";
import type { SharedCache, SharedCacheStatistics } from "../../storage/cache/shared-cache.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MailQueueStore } from "../../storage/metadata/mail-queue-store.ts";
import type { OutboxStore } from "../../storage/metadata/outbox-store.ts";
import type { ReplicaStatistics } from "../../storage/metadata/replica-statistics.ts";
import type { ScanStore } from "../../storage/metadata/scan-store.ts";
import type { ScrubStore } from "../../storage/metadata/scrub-store.ts";
import type { TaskCounts, TaskStore } from "../../storage/metadata/task-store.ts";

export interface Metrics {
  readonly requestSeconds: Histogram<"method" | "route" | "status">;
  /** Being carried out now. */
  readonly requestsInHand: Gauge;
  /** Sent away, as there was too much to do. */
  readonly shedRequests: Counter<"priority">;
  readonly commits: Counter;
  readonly changes: Counter;
  /** A version was looked at for malware. */
  readonly countScan: (outcome: string) => void;
  /** So many stored bytes were read again, to see whether they are whole. */
  readonly countScrubbed: (bytes: number) => void;
  /** In the Prometheus text format. */
  render(): Promise<{ contentType: string; text: string }>;
}

const requestBucketsSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface MetricsParts {
  readonly chunks: Pick<ChunkStore, "statistics">;
  readonly metadata: {
    readonly mail: Pick<MailQueueStore, "counts">;
    readonly tasks: Pick<TaskStore, "counts">;
    readonly outbox: Pick<OutboxStore, "list">;
    readonly scans: Pick<ScanStore, "countHeld">;
    readonly scrub: Pick<ScrubStore, "countDamaged">;
  };
  readonly connections: () => number;
  readonly cache: Pick<SharedCache, "statistics"> | undefined;
  /** Undefined where there is no replica. */
  readonly replica?: (() => ReplicaStatistics) | undefined;
  readonly host: Pick<Host, "nowMs">;
}

/** A commit that no server was told of for so long is late: the bus is away, or nobody looks after the outbox. */
const lateAfterMs = 10_000;
/** What is counted of them; where there are more, the number does not matter. */
const maxLate = 1000;

/** Nothing is measured while nobody asks but what happens anyway: an idle server stays idle. */
export function createMetrics({ chunks, metadata, host, connections, cache, replica }: MetricsParts): Metrics {
  const { mail, tasks, outbox, scans, scrub } = metadata;
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, measure: () => number | Promise<number>): void => {
    const registered = new Gauge({
      name,
      help,
      registers,
      async collect() {
        registered.set(await measure());
      },
    });
  };
  let lastUtilization = performance.eventLoopUtilization();
  gauge("satchel_connections", "Open notification connections", connections);
  gauge("satchel_chunks", "Chunks in the store", async () => (await chunks.statistics()).chunks);
  gauge(
    "satchel_chunk_bytes",
    "Bytes that the chunk store takes on disk",
    async () => (await chunks.statistics()).occupiedBytes,
  );
  gauge("satchel_mails_waiting", "Messages that wait for the mail server", async () => (await mail.counts()).waiting);
  gauge(
    "satchel_mails_given_up",
    "Messages of the last 7 days that the mail server never took",
    async () => (await mail.counts()).givenUp,
  );
  gauge(
    "satchel_late_commits",
    `Commits that the bus was not told of for ${lateAfterMs / 1000} s, ${maxLate} at most`,
    async () => (await outbox.list({ madeBeforeMs: host.nowMs() - lateAfterMs, limit: maxLate })).length,
  );
  gauge("satchel_event_loop_lag_seconds", "How late a task runs that is due now", measureLagSeconds);
  gauge(
    "satchel_event_loop_utilization",
    "Share of the time since the last question in which the event loop was busy",
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, lastUtilization);
      lastUtilization = now;
      return utilization;
    },
  );
  gauge("process_resident_memory_bytes", "Resident memory", () => process.memoryUsage.rss());
  gauge(
    "process_cpu_seconds_total",
    "CPU time of all threads",
    () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  );
  countTasks(tasks, registers);
  if (cache) countCacheQuestions(cache, registers);
  if (replica) countReplicaReads(replica, registers);
  return {
    ...requestMetrics(registers),
    commits: new Counter({ name: "satchel_commits_total", help: "Commits that changed something", registers }),
    changes: new Counter({ name: "satchel_changes_total", help: "Entries changed by commits", registers }),
    countScan: countScans(scans, registers),
    countScrubbed: countScrubs(scrub, registers),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** Counted by whoever carries requests out. */
function requestMetrics(registers: Registry[]): Pick<Metrics, "requestSeconds" | "requestsInHand" | "shedRequests"> {
  return {
    requestSeconds: new Histogram({
      name: "satchel_http_request_seconds",
      help: "Time from a request's head to its answer's end",
      labelNames: ["method", "route", "status"],
      buckets: requestBucketsSeconds,
      registers,
    }),
    requestsInHand: new Gauge({ name: "satchel_requests_in_hand", help: "Requests being carried out", registers }),
    shedRequests: new Counter({
      name: "satchel_requests_shed_total",
      help: "Requests that were sent away because there was too much to do, by priority",
      labelNames: ["priority"],
      registers,
    }),
  };
}

/** By kind and by what is becoming of them. A kind without tasks is left out. */
function countTasks(tasks: MetricsParts["metadata"]["tasks"], registers: Registry[]): void {
  const states = { waiting: "waiting", running: "running", given_up: "givenUp" } as const satisfies Record<
    string,
    keyof TaskCounts
  >;
  const counted = new Gauge({
    name: "satchel_tasks",
    help: "Tasks that wait, are being done, or were given up, by kind",
    labelNames: ["kind", "state"],
    registers,
    async collect() {
      counted.reset();
      for (const counts of await tasks.counts())
        for (const [state, name] of Object.entries(states)) counted.set({ kind: counts.kind, state }, counts[name]);
    },
  });
}

/** What was looked at for malware, and what is held. */
function countScans(scans: MetricsParts["metadata"]["scans"], registers: Registry[]): Metrics["countScan"] {
  const held = new Gauge({
    name: "satchel_quarantined_versions",
    help: "Versions with malware that are kept from everybody",
    registers,
    async collect() {
      held.set(await scans.countHeld());
    },
  });
  const looked = new Counter({
    name: "satchel_scans_total",
    help: "Versions that were looked at for malware, by outcome",
    labelNames: ["outcome"],
    registers,
  });
  return (outcome) => looked.inc({ outcome });
}

/** What was read again of what is stored, and what is damaged of it. */
function countScrubs(scrub: MetricsParts["metadata"]["scrub"], registers: Registry[]): Metrics["countScrubbed"] {
  const damaged = new Gauge({
    name: "satchel_damaged_chunks",
    help: "Stored chunks that are damaged or lost, and that devices are asked for",
    registers,
    async collect() {
      damaged.set(await scrub.countDamaged());
    },
  });
  const read = new Counter({
    name: "satchel_scrubbed_bytes_total",
    help: "Stored bytes that were read again to see whether they are whole",
    registers,
  });
  return (bytes) => read.inc(bytes);
}

/** Counted by the cache itself. */
function countCacheQuestions(cache: Pick<SharedCache, "statistics">, registers: Registry[]): void {
  const outcomes: readonly (keyof SharedCacheStatistics)[] = ["hits", "misses", "failures"];
  const questions = new Gauge({
    name: "satchel_cache_questions_total",
    help: "Questions to the shared cache, by what became of them",
    labelNames: ["outcome"],
    registers,
    collect() {
      const counts = cache.statistics();
      for (const outcome of outcomes) questions.set({ outcome }, counts[outcome]);
    },
  });
}

/** Counted where they are made. */
function countReplicaReads(statistics: () => ReplicaStatistics, registers: Registry[]): void {
  const reads = new Gauge({
    name: "satchel_replica_reads_total",
    help: "Reads that a replica of the database could answer, by what became of them",
    labelNames: ["outcome"],
    registers,
    collect() {
      for (const [outcome, count] of Object.entries<number>({ ...statistics() })) reads.set({ outcome }, count);
    },
  });
}

async function measureLagSeconds(): Promise<number> {
  const start = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  return (performance.now() - start) / 1000;
}
