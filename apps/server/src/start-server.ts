import { Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import { destination, pino, type Logger } from "pino";
import type { ServerConfig } from "./config.ts";
import {
  makeDirectory,
  openBus,
  openChunks,
  openMetadata,
  openRateLimits,
  openSearchIndex,
  openSharedMemory,
  requireBlobsSetting,
  type SharedMemory,
} from "./compose.ts";
import type { DataDirectory } from "./data-directory/data-directory.ts";
import { lockDirectory } from "./data-directory/directory-lock.ts";
import { requireRestored } from "./data-directory/restore-note.ts";
import { openSigningKey } from "./data-directory/signing-key-file.ts";
import { createPasswordHasher } from "./features/identity/password-hasher.ts";
import { deriveServerKeys } from "./features/identity/server-keys.ts";
import { openMailer } from "./features/mail/open-mailer.ts";
import { startRetention } from "./features/retention/start-retention.ts";
import { startIndexer } from "./features/search/indexer.ts";
import { acceptNotificationSockets } from "./http/notification-sockets.ts";
import { setUpPage } from "./http/browser/set-up-routes.ts";
import { createApp } from "./http/create-app.ts";
import type { App } from "./http/route-context.ts";
import { createServerCore, type ServerCore, type ServerCoreParts } from "./server-core.ts";
import { withCachedListings } from "./storage/metadata/cached-listings.ts";
import { readCertificate, reloadCertificate } from "./tls/certificate.ts";
import type { Bus } from "./storage/bus/bus.ts";
import type { ChunkStore } from "./storage/chunks/chunk-store.ts";
import type { MetadataStore } from "./storage/metadata/metadata-store.ts";
import type { SearchIndex } from "./storage/search/search-index.ts";
import { systemHost } from "./system-host.ts";

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
  takeDirectory(directory, undo);
  const keys = deriveServerKeys(await openSigningKey(directory.signingKey));
  const { metadata, chunks, searchIndex } = await openStores(config, undo);
  const { bus, close: closeBus } = await openBus(config, logger);
  undo.push(closeBus);
  const shared = await openSharedMemory(config, logger);
  undo.push(async () => shared?.cache.close());
  const setUpCode = makeSetUpCode();
  const core = openCore(config, { metadata, chunks, searchIndex, bus, keys, shared, setUpCode, logger }, undo);
  startUpkeep(config, { metadata, chunks, searchIndex, bus, core, auditKey: keys.audit, logger }, undo);
  let isStopping = false;
  const { trustedProxies, connections } = config.security;
  const limits = openRateLimits(config, shared);
  const certificate = config.tls && (await readCertificate(config.tls));
  const app = await createApp(
    {
      core,
      publicUrl: config.publicUrl,
      webRoot: config.webRoot,
      settings: config.settings,
      mailsOut: config.identity.smtp !== undefined,
      isStopping: () => isStopping,
      trustedProxies,
      certificate,
      limits,
      connections,
    },
    logger,
  );
  watchCertificate(app, config, logger, undo);
  const endSockets = acceptNotificationSockets(app.server, { core, logger, limits, trustedProxies });
  undo.push(async () => {
    isStopping = true;
    endSockets();
    core.hub.close();
    await drain(app, logger);
  });
  await app.listen({ ...config.listen, listenTextResolver: (address) => `listening at ${address}` });
  const url = config.publicUrl ?? listeningUrl(app.server.address() as AddressInfo, certificate ? "https" : "http");
  const setUp = await describeSetUp(core, url, setUpCode);
  let stopped: Promise<void> | undefined;
  return { url, setUp, stop: () => (stopped ??= runAll(undo)) };
}

/** What the server does, over its stores. */
function openCore(
  { identity, retention, security }: ServerConfig,
  parts: Pick<ServerCoreParts, "metadata" | "chunks" | "searchIndex" | "bus" | "keys"> & {
    readonly shared: SharedMemory | undefined;
    readonly setUpCode: string;
    readonly logger: Logger;
  },
  undo: (() => Promise<void> | void)[],
): ServerCore {
  const { shared, logger, metadata, ...rest } = parts;
  const mail = openMailer({ smtp: identity.smtp, store: metadata.mail, key: rest.keys.mail, host: systemHost, logger });
  undo.push(() => mail.close());
  return createServerCore({
    ...rest,
    metadata: shared ? withCachedListings(metadata, shared.cache) : metadata,
    cache: shared?.cache,
    host: systemHost,
    passwords: createPasswordHasher(),
    retentionMs: retention.keepMs,
    deletionGraceMs: security.deletionGraceMs,
    mail,
    signUpPolicy: identity.signUp,
    outsideProvider: identity.outside,
    onBackgroundFailure: (err) => logger.error({ err }, "something failed behind an answered request"),
  });
}

interface UpkeepParts {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  readonly searchIndex: SearchIndex;
  readonly bus: Bus;
  readonly core: ServerCore;
  readonly auditKey: Uint8Array;
  readonly logger: Logger;
}

/** What is done beside the requests: names are indexed, and what is past its time goes. */
function startUpkeep(config: ServerConfig, parts: UpkeepParts, undo: (() => Promise<void> | void)[]): void {
  const { metadata, chunks, searchIndex, bus, core, auditKey, logger } = parts;
  const indexer = startIndexer({
    index: searchIndex,
    metadata,
    bus,
    host: systemHost,
    onFailure: (err) => logger.error({ err }, "names could not be indexed for search; it is tried again"),
  });
  undo.push(() => indexer.stop());
  const retention = startRetention({
    metadata,
    chunks,
    host: systemHost,
    config: { ...config.retention, auditKeepMs: config.security.auditKeepMs, maxVersions: config.security.maxVersions },
    auditKey,
    eraseDue: core.deletions.eraseDue,
    afterRound: indexer.catchUp,
    logger,
  });
  undo.push(() => retention.stop());
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
  const [metadata, chunks, searchIndex] = await Promise.allSettled([
    opening,
    openChunks(config, opening),
    openSearchIndex(config),
  ]);
  for (const opened of [metadata, chunks, searchIndex]) {
    if (opened.status === "fulfilled") undo.push(() => opened.value.close());
  }
  if (metadata.status === "rejected") throw metadata.reason;
  if (chunks.status === "rejected") throw chunks.reason;
  if (searchIndex.status === "rejected") throw searchIndex.reason;
  await requireBlobsSetting(config, metadata.value);
  return { metadata: metadata.value, chunks: chunks.value, searchIndex: searchIndex.value };
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
