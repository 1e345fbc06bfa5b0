import { hostname } from "node:os";
import type { Logger } from "pino";
import type { ServerConfig } from "../config/config.ts";
import { openMalware } from "../compose.ts";
import { followSignatures } from "../features/malware/follow-signatures.ts";
import { startRelay } from "../features/outbox/start-relay.ts";
import { startRetention } from "../features/retention/start-retention.ts";
import { startScrubbing } from "../features/scrub/start-scrubbing.ts";
import { startIndexer, type Indexer } from "../features/search/indexer.ts";
import { createTextExtractor } from "../features/search/texts/extract/text-extractor.ts";
import { watchCommitRest } from "../features/search/texts/commit-rest.ts";
import { startTextReader } from "../features/search/texts/text-reader.ts";
import { previewPrograms } from "../features/previews/preview-source.ts";
import { startTaskFeeder } from "../features/tasks/feed-tasks.ts";
import { startTaskRunner } from "../features/tasks/run-tasks.ts";
import type { ServerCore } from "../server-core.ts";
import type { SearchIndex } from "../storage/search/search-index.ts";
import { systemHost } from "../system-host.ts";
import { taskKinds } from "./task-kinds.ts";

/** By what this process has leases. One process works on a data directory at a time, and the same one after a restart. */
export function holderOf({ dataPath }: Pick<ServerConfig, "dataPath">): string {
  return `${hostname()} ${dataPath}`;
}

/** How often sessions are looked for that a process left when it died. */
const tendLiveMs = 15_000;

/** Writes what was typed live where a process died, from time to time. */
function tendLive({ live, host }: ServerCore, logger: Logger, undo: (() => Promise<void> | void)[]): void {
  let cancel = (): void => {};
  let isStopped = false;
  const tend = (): void => {
    live
      .tendForsaken()
      .catch((err: unknown) => logger.warn({ err }, "live sessions could not be looked for"))
      .finally(() => {
        if (!isStopped) cancel = host.after(tendLiveMs, tend);
      });
  };
  tend();
  undo.push(() => {
    isStopped = true;
    cancel();
  });
}

/** How often a process looks for tasks that others added, where there are others. */
const lookForTasksMs = { alone: 60_000, amongOthers: 5000 };

/** Does the tasks of all kinds, and finds them in the feeds. */
function startTasks(
  config: ServerConfig,
  { core, logger }: { readonly core: ServerCore; readonly logger: Logger },
  undo: (() => Promise<void> | void)[],
): void {
  const kinds = taskKinds(core);
  const { metadata } = core.stores;
  const onFailure = (err: unknown): void => logger.warn({ err }, "a task failed");
  const lookEveryMs = config.databaseUrl === undefined ? lookForTasksMs.alone : lookForTasksMs.amongOthers;
  const runner = startTaskRunner({ store: metadata.tasks, kinds, host: systemHost, lookEveryMs, onFailure });
  undo.push(() => runner.stop());
  const feeder = startTaskFeeder({
    metadata,
    bus: core.bus,
    host: systemHost,
    kinds,
    wake: runner.wake,
    onFailure: (err) => logger.error({ err }, "a feed could not be looked through for tasks; it is tried again"),
  });
  undo.push(() => feeder.stop());
  followMalware(config, { core, logger, lookAgain: feeder.lookAgain }, undo);
  for (const { program, endings, isThere } of previewPrograms())
    if (!isThere)
      logger.info({ program, endings }, "there are no small pictures of these files: their program is missing");
}

/** Has files looked at again for signatures that are new. */
function followMalware(
  config: ServerConfig,
  { core, logger, lookAgain }: { readonly core: ServerCore; readonly logger: Logger; readonly lookAgain: () => void },
  undo: (() => Promise<void> | void)[],
): void {
  const scanner = openMalware(config)?.scanner;
  if (!scanner) return;
  const { metadata } = core.stores;
  const job = followSignatures({ scanner, metadata, host: systemHost, holder: holderOf(config), lookAgain, logger });
  undo.push(() => job.stop());
}

const onIndexFailure =
  (logger: Logger) =>
  (err: unknown): void =>
    logger.error({ err }, "names could not be indexed for search; it is tried again");

/** Follows the feeds with the search index, and reads the texts that it wants to have. */
function startIndexing(
  {
    core,
    searchIndex: index,
    logger,
  }: { readonly core: ServerCore; readonly searchIndex: SearchIndex; readonly logger: Logger },
  undo: (() => Promise<void> | void)[],
): Indexer {
  const { metadata } = core.stores;
  const rest = watchCommitRest({ bus: core.bus, host: systemHost });
  core.textless.begin();
  const reader = startTextReader({
    index,
    rest,
    tree: metadata.tree,
    transfer: core.transfer,
    extractor: createTextExtractor({
      onBroken: (reason) => logger.info({ reason }, "a file could not be read for search"),
    }),
    host: systemHost,
    onFailure: (err) => logger.error({ err }, "texts could not be read for search; it is tried again"),
  });
  undo.push(() => {
    rest.stop();
    return reader.stop();
  });
  const indexer = startIndexer({
    index,
    metadata,
    bus: core.bus,
    host: systemHost,
    textless: core.textless,
    onFailure: onIndexFailure(logger),
    onFollowed: reader.wake,
  });
  undo.push(() => indexer.stop());
  return indexer;
}

/** Starts what the role `worker` does without anybody asking; each job at one process at a time. */
export function startWork(
  config: ServerConfig,
  {
    core,
    searchIndex,
    logger,
  }: { readonly core: ServerCore; readonly searchIndex: SearchIndex; readonly logger: Logger },
  undo: (() => Promise<void> | void)[],
): void {
  if (config.roles.has("api")) tendLive(core, logger, undo);
  if (!config.roles.has("worker")) return;
  const { metadata, chunks } = core.stores;
  const parts = { metadata, host: systemHost, holder: holderOf(config), logger };
  const indexer = startIndexing({ core, searchIndex, logger }, undo);
  const { auditKeepMs, maxVersions } = config.security;
  const retention = startRetention({
    ...parts,
    chunks,
    config: { ...config.retention, auditKeepMs, maxVersions },
    auditKey: core.keys.audit,
    eraseDue: core.deletions.eraseDue,
    // What can't be searched is kept and pruned all the same.
    afterRound: () => indexer.catchUp().catch(onIndexFailure(logger)),
  });
  undo.push(() => retention.stop());
  const scrubbing = startScrubbing({
    ...parts,
    chunks,
    damaged: core.damaged,
    count: core.metrics.countScrubbed,
    bytesPerSecond: config.scrubBytesPerSecond,
  });
  undo.push(() => scrubbing.stop());
  startTasks(config, { core, logger }, undo);
  if (config.databaseUrl === undefined) return;
  const relay = startRelay({ ...parts, bus: core.bus });
  undo.push(() => relay.stop());
}
