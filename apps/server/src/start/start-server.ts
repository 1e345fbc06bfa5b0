import { Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import { destination, pino, type Logger } from "pino";
import type { ServerConfig } from "../config/config.ts";
import {
  makeDirectory,
  openBus,
  openChunks,
  openMalware,
  openMetadata,
  openRateLimits,
  openSearchIndex,
  openSharedMemory,
  readFromReplica,
  requireBlobsSetting,
  requireOwnChunks,
  type SharedMemory,
} from "../compose.ts";
import type { DataDirectory } from "../data-directory/data-directory.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { waitForPromotion } from "../data-directory/promotion-note.ts";
import { noteRetention } from "../data-directory/retention-note.ts";
import { requireRestored } from "../data-directory/restore-note.ts";
import { openSigningKey } from "../data-directory/signing-key-file.ts";
import { createPasswordHasher } from "../features/identity/password-hasher.ts";
import { deriveServerKeys } from "../features/identity/server-keys.ts";
import { openMailer } from "../features/mail/open-mailer.ts";
import { createOutbox, type Outbox } from "../features/outbox/outbox.ts";
import { setUpPage } from "../http/browser/set-up-routes.ts";
import { createApp } from "../http/create-app.ts";
import { acceptSockets } from "../http/sockets/accept-sockets.ts";
import { socketKinds } from "../http/sockets/socket-kinds.ts";
import type { App } from "../http/route-context.ts";
import { createServerCore, type ServerCore, type ServerCoreParts } from "../server-core.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { withCachedListings } from "../storage/metadata/cached-listings.ts";
import { openOnDemand } from "../storage/search/open-on-demand.ts";
import { restWhenQuiet } from "../memory/rest-when-quiet.ts";
import { readCertificate, reloadCertificate } from "../tls/certificate.ts";
import { holderOf, startWork } from "./start-work.ts";
import { systemHost } from "../system-host.ts";

export interface RunningServer {
  /** Where it listens, or its public address if it has one. */
  readonly url: string;
  /** How the first account is made in a browser; undefined where there are accounts. The code is asked for from everywhere but the server's own machine. */
  readonly setUp: { readonly url: string; readonly code: string } | undefined;
  /** Takes no more requests, finishes those under way for at most {@link drainMs}, and closes everything. May be called twice. */
  stop(): Promise<void>;
}

/** How long requests under way may take once the server stops. */
const drainMs = 10_000;

/**
 * Runs everything in this process. When it resolves, the server accepts requests.
 * @throws DirectoryInUseError, DatabaseNewerError, and what opening the stores and listening throw
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const undo: (() => Promise<void> | void)[] = [];
  try {
    return await start(config, undo);
  } catch (error) {
    await runAll(undo);
    throw error;
  }
}

/** Each step that opens something leaves in `undo` what closes it. */
async function start(config: ServerConfig, undo: (() => Promise<void> | void)[]): Promise<RunningServer> {
  const logger = pino({ level: config.logLevel }, destination({ fd: 2, sync: true }));
  const directory = await makeDirectory(config);
  if (config.databaseUrl !== undefined)
    await waitForPromotion(directory, () => logger.info("the server waits for its data, which is on its way here"));
  takeDirectory(directory, undo);
  await noteRetention(directory, { ...config.retention, ...config.security }).catch((err: unknown) =>
    logger.warn({ err }, "how long things are kept could not be noted for admin gc, which goes by the note before"),
  );
  const keys = deriveServerKeys(await openSigningKey(directory.signingKey));
  const { metadata, chunks } = await openStores(config, undo);
  const searchIndex = openOnDemand({
    open: () => openSearchIndex(config, keys.search),
    nowMs: systemHost.nowMs,
    onFailure: (err) => logger.error({ err }, "there is no search: its index can't be opened; it is tried again"),
  });
  undo.push(() => searchIndex.close());
  const outbox = openOutbox(config, { metadata, logger }, undo);
  const { bus, close: closeBus } = await openBus(config, logger);
  undo.push(closeBus);
  const shared = await openSharedMemory(config, logger);
  undo.push(async () => shared?.cache.close());
  const setUpCode = makeSetUpCode();
  const core = openCore(config, { metadata, chunks, searchIndex, bus, outbox, keys, shared, setUpCode, logger }, undo);
  startWork(config, { core, searchIndex, logger }, undo);
  let isStopping = false;
  const { trustedProxies, connections, maxRequests } = config.security;
  const limits = openRateLimits(config, shared);
  const certificate = config.tls && (await readCertificate(config.tls));
  const app = await createApp(
    {
      core,
      publicUrl: config.publicUrl,
      webRoot: config.webRoot,
      docsRoot: config.docsRoot,
      settings: config.settings,
      mailsOut: config.identity.smtp !== undefined,
      isStopping: () => isStopping,
      trustedProxies,
      certificate,
      limits,
      roles: config.roles,
      connections,
      maxRequests,
    },
    logger,
  );
  watchCertificate(app, config, logger, undo);
  app.server.on("request", restWhenQuiet());
  const kinds = socketKinds(core);
  const endSockets = acceptSockets(app.server, { core, kinds, roles: config.roles, logger, limits, trustedProxies });
  undo.push(async () => {
    isStopping = true;
    // A load balancer sees it at /readyz, and sends no more this way.
    if (config.drainMs > 0) await Promise.all([sleep(config.drainMs), core.hub.drain(config.drainMs, systemHost)]);
    endSockets();
    core.hub.close();
    await core.live.close();
    await drain(app, logger);
    await core.notices.settled();
  });
  await app.listen({ ...config.listen, listenTextResolver: (address) => `listening at ${address}` });
  const url = config.publicUrl ?? listeningUrl(app.server.address() as AddressInfo, certificate ? "https" : "http");
  const setUp = await describeSetUp(core, url, setUpCode);
  let stopped: Promise<void> | undefined;
  return { url, setUp, stop: () => (stopped ??= runAll(undo)) };
}

/** Of a database that several servers may share. Closed behind the bus, whose last messages leave it. */
function openOutbox(
  { databaseUrl }: ServerConfig,
  { metadata, logger }: { readonly metadata: MetadataStore; readonly logger: Logger },
  undo: (() => Promise<void> | void)[],
): Outbox | undefined {
  if (databaseUrl === undefined) return undefined;
  const outbox = createOutbox({
    store: metadata.outbox,
    host: systemHost,
    onFailure: (err) => logger.warn({ err }, "what was told stays in the outbox, and is told again"),
  });
  undo.push(() => outbox.close());
  return outbox;
}

/** What the server does, over its stores. */
function openCore(
  config: ServerConfig,
  parts: Pick<ServerCoreParts, "metadata" | "chunks" | "searchIndex" | "bus" | "outbox" | "keys"> & {
    readonly shared: SharedMemory | undefined;
    readonly setUpCode: string;
    readonly logger: Logger;
  },
  undo: (() => Promise<void> | void)[],
): ServerCore {
  const { identity, retention, security } = config;
  const { shared, logger, ...rest } = parts;
  const { metadata, replicaStatistics } = readFromReplica(config, parts.metadata, undo);
  const mail = openMailer({ smtp: identity.smtp, store: metadata.mail, key: rest.keys.mail, host: systemHost, logger });
  undo.push(() => mail.close());
  return createServerCore({
    ...rest,
    holder: holderOf(config),
    replicaStatistics,
    metadata: shared ? withCachedListings(metadata, shared.cache) : metadata,
    cache: shared?.cache,
    host: systemHost,
    passwords: createPasswordHasher(),
    retentionMs: retention.keepMs,
    deletionGraceMs: security.deletionGraceMs,
    mail,
    signUpPolicy: identity.signUp,
    outsideProvider: identity.outside,
    tellsNotices: true,
    malware: openMalware(config),
    onBackgroundFailure: (err) => logger.error({ err }, "something failed behind an answered request"),
  });
}

/** New connections get a new certificate, once its files have one. */
function watchCertificate(app: App, { tls }: ServerConfig, logger: Logger, undo: (() => Promise<void> | void)[]): void {
  if (!tls || !(app.server instanceof HttpsServer)) return;
  const endReload = reloadCertificate(app.server, tls, {
    reloaded: () => logger.info("there is a new TLS certificate"),
    failed: (err) => logger.error({ err }, "the TLS certificate could not be read again; the one before stays"),
  });
  undo.push(endReload);
}

/** Undefined where there are accounts. */
async function describeSetUp(core: ServerCore, url: string, code: string): Promise<RunningServer["setUp"]> {
  return (await core.people.firstRun.isOpen()) ? { url: `${url}${setUpPage}`, code } : undefined;
}

/** Another one at each start, so that an old log opens nothing: 80 random bits, in groups that can be typed. */
function makeSetUpCode(): string {
  return encodeIdPart(systemHost.randomBytes(idPartBytes)).replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** For this process alone. @throws DirectoryInUseError; ServerConfigError while it is being restored */
function takeDirectory(directory: DataDirectory, undo: (() => Promise<void> | void)[]): void {
  const lock = lockDirectory(directory.lock, directory.path);
  undo.push(() => lock.release());
  requireRestored(directory);
}

/** All at once, since each takes its time to start its threads. */
async function openStores(config: ServerConfig, undo: (() => Promise<void> | void)[]) {
  const opening = openMetadata(config);
  const [metadata, chunks] = await Promise.allSettled([opening, openChunks(config, opening)]);
  for (const opened of [metadata, chunks]) {
    if (opened.status === "fulfilled") undo.push(() => opened.value.close());
  }
  if (metadata.status === "rejected") throw metadata.reason;
  if (chunks.status === "rejected") throw chunks.reason;
  await requireBlobsSetting(config, metadata.value);
  await requireOwnChunks(chunks.value);
  return { metadata: metadata.value, chunks: chunks.value };
}

/** Runs all, the last one first, even when one fails; then the first failure is thrown. */
async function runAll(undo: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function drain(app: App, logger: Logger): Promise<void> {
  const timer = setTimeout(() => {
    logger.warn("requests were still under way after the time to finish");
    app.server.closeAllConnections();
  }, drainMs);
  await app.close();
  clearTimeout(timer);
}

function listeningUrl({ address, family, port }: AddressInfo, scheme: "http" | "https"): string {
  const isAnywhere = address === "0.0.0.0" || address === "::";
  const host = isAnywhere ? "127.0.0.1" : address;
  return family === "IPv6" && !isAnywhere ? `${scheme}://[${host}]:${port}` : `${scheme}://${host}:${port}`;
}
