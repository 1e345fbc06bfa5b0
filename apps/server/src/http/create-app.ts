import type { BlockList } from "node:net";
import type { EffectiveSetting } from "@satchel/protocol";
import { parse } from "node:querystring";
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyRequest,
  type RawServerDefault,
} from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import { archivePath } from "../features/archive/archive-url.ts";
import type { RateLimits } from "../features/rate-limit/rate-limits.ts";
import type { Role } from "../features/roles/role.ts";
import { withOrigin } from "../features/audit/request-origin.ts";
import type { ServerCore } from "../server-core.ts";
import { installAccessControl } from "./access/access-control.ts";
import { defaultJsonBytes, installBodyParsers } from "./requests/body-parsers.ts";
import { clientAddress } from "./requests/client-address.ts";
import { davRoutes } from "./dav/dav-routes.ts";
import { addDavMethods } from "./dav/serve-tree.ts";
import { installPages } from "./browser/install-pages.ts";
import { answerClientError } from "./answers/client-errors.ts";
import { documentationRoutes } from "./documentation/documentation-routes.ts";
import { limitConnections, type ConnectionLimits } from "./limits/limit-connections.ts";
import { installAddressLimits, installCallerLimits } from "./limits/rate-limit-hooks.ts";
import { limitRequestTime, requestTime } from "./requests/request-time.ts";
import { installOpenapi } from "./openapi.ts";
import { answerProblem } from "./answers/problem-answers.ts";
import { installSecureAnswers } from "./answers/secure-answers.ts";
import { tlsRules, type Certificate } from "../tls/certificate.ts";
import { installRoles } from "./limits/role-hook.ts";
import { installRequestLog, requestIdOf } from "./requests/request-log.ts";
import { ocsRoutes } from "./remote-php/ocs-routes.ts";
import { remotePhpRoutes } from "./remote-php/remote-php-routes.ts";
import type { App } from "./route-context.ts";
import { adminAccountRoutes } from "./routes/admin/admin-account-routes.ts";
import { adminJobRoutes } from "./routes/admin/admin-job-routes.ts";
import { adminQuarantineRoutes } from "./routes/admin/admin-quarantine-routes.ts";
import { adminServerRoutes } from "./routes/admin/admin-server-routes.ts";
import { accountRoutes } from "./routes/account/account-routes.ts";
import { auditRoutes } from "./routes/account/audit-routes.ts";
import { commentRoutes } from "./routes/files/comment-routes.ts";
import { noticeRoutes } from "./routes/account/notice-routes.ts";
import { appPasswordRoutes } from "./routes/account/app-password-routes.ts";
import { archiveRoutes, readSignedArchive } from "./routes/files/archive-routes.ts";
import { authRoutes } from "./routes/account/auth-routes.ts";
import { chunkPartRoutes } from "./routes/chunks/chunk-part-routes.ts";
import { chunkRoutes } from "./routes/chunks/chunk-routes.ts";
import { directChunkRoutes } from "./routes/chunks/direct-chunk-routes.ts";
import { contentRoute } from "./routes/files/content-route.ts";
import { deviceReportRoute } from "./routes/sync/device-report-route.ts";
import { fileRoutes } from "./routes/files/file-routes.ts";
import { historyRoutes } from "./routes/files/history-routes.ts";
import { presenceRoutes } from "./routes/sync/presence-routes.ts";
import { privacyRoutes } from "./routes/account/privacy-routes.ts";
import { operationRoutes } from "./routes/admin/operation-routes.ts";
import { searchRoute } from "./routes/files/search-route.ts";
import { transferRoute } from "./routes/files/transfer-route.ts";
import { linkRoutes } from "./routes/sharing/link-routes.ts";
import { liveRoute } from "./routes/sync/live-route.ts";
import { shareRoutes } from "./routes/sharing/share-routes.ts";
import { readSignedChunk, signedChunkRoutes } from "./routes/chunks/signed-chunk-routes.ts";
import { thumbnailRoute } from "./routes/files/thumbnail-route.ts";
import { readSignedContent, signedContentPath, signedContentRoutes } from "./routes/files/signed-content-route.ts";
import type { SignedAddress } from "./requests/signed-address.ts";
import { signInWaysRoutes } from "./routes/account/sign-in-ways-routes.ts";
import { syncRoutes } from "./routes/sync/sync-routes.ts";
import { installWebApp } from "./web-app.ts";
import { installLoadShedding } from "./limits/shed-load.ts";
import { answerUnknownRoute, watchRoutes } from "./answers/unknown-routes.ts";
import { tusRoutes } from "./tus/tus-routes.ts";

/** What the routes are given. */
export interface RouteContext {
  readonly core: ServerCore;
  /** The address that others reach this server at; undefined: the one that the request was sent to. */
  readonly publicUrl: string | undefined;
  /** Directory of the built web app; undefined where there is none. */
  readonly webRoot: string | undefined;
  /** Directory of the documentation; undefined where there is none. */
  readonly docsRoot: string | undefined;
  /** The settings in force, for administrators. */
  readonly settings: readonly EffectiveSetting[];
  /** Messages go out by mail, instead of into the log. */
  readonly mailsOut: boolean;
  readonly isStopping: () => boolean;
  /** Proxies whose word about a caller's address is believed. */
  readonly trustedProxies: BlockList;
  /** Undefined where connections come without TLS. */
  readonly certificate: Certificate | undefined;
  readonly limits: RateLimits;
  /** Of this process: what isn't theirs is answered 503. */
  readonly roles: ReadonlySet<Role>;
  readonly connections: ConnectionLimits;
  /** The most requests in hand at once; see features/overload. */
  readonly maxRequests: number;
}

/** A request's head may take so long: who sends a byte now and then holds a connection for no longer. Bodies have times of their own, see request-time.ts. */
const headTimeoutMs = 20_000;
const keepAliveMs = 75_000;
/** A connection on which nothing moves in either direction is closed; a poll waits for less. */
const idleTimeoutMs = 120_000;
/** How often connections are looked at for these. */
const checkTimeoutsMs = 5000;
/** The longest head of a request: address and headers together. */
export const maxHeadBytes = 16 * 1024;

/** The HTTP interface over the core, not yet listening: `inject` works as well. `prepare` adds routes to it. */
export async function createApp(
  context: RouteContext,
  logger: FastifyBaseLogger,
  prepare: (app: App) => void = () => {},
): Promise<App> {
  const app = fastify({
    loggerInstance: logger,
    // Requests are logged by their route's pattern, see request-log.ts.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: defaultJsonBytes,
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: idleTimeoutMs,
    ...transport(context.certificate),
    forceCloseConnections: "idle",
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      answerProblem(error, request, reply);
    },
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256, querystringParser: parseQuery },
  } as FastifyHttpOptions<RawServerDefault, FastifyBaseLogger>).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  installSerializers(app);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(answerUnknownRoute(watchRoutes(app)));
  app.addHook("onRequest", (request, _reply, done) => {
    withOrigin({ address: clientAddress(request.raw, context.trustedProxies) }, done);
  });
  const byTls = context.certificate !== undefined || (context.publicUrl?.startsWith("https:") ?? false);
  installSecureAnswers(app, { byTls });
  installRequestLog(app, context.core.metrics);
  app.addHook("onSend", async (request, reply) => {
    // Else the connection of a request that was under way would stay open, and keep the server from ending.
    if (context.isStopping()) reply.header("connection", "close");
    // What a request took back is taken back at all processes before it is answered.
    if (request.method !== "GET") await context.core.invalidated();
  });
  limitRequestTime(app, requestTime);
  installRoles(app, context.roles);
  installLoadShedding(app, { maxRequests: context.maxRequests, metrics: context.core.metrics });
  limitConnections(app.server, context.connections, context.trustedProxies);
  installAddressLimits(app, context.limits);
  const { authenticator, authorisation } = context.core;
  installAccessControl(app, { authenticator, authorisation, readSignedUrl: signedUrlReader(context.core) });
  installCallerLimits(app, context.limits);
  installBodyParsers(app);
  await installOpenapi(app);
  for (const install of routes) install(app, context);
  await installPages(app, context);
  if (context.webRoot !== undefined) await installWebApp(app, context.webRoot, context.publicUrl);
  await app.register(async (scope: App) => documentationRoutes(scope, context));
  prepare(app);
  await app.register(async (scope: App) => signedChunkRoutes(scope, context));
  await app.register(async (scope: App) => tusRoutes(scope, context));
  addDavMethods(app);
  await app.register(async (scope: App) => davRoutes(scope, context));
  await app.register(async (scope: App) => remotePhpRoutes(scope, context));
  await app.ready();
  return app;
}

/** Which kind of signed address a request was sent to shows in its route. */
function signedUrlReader({ archive, content, transfer }: ServerCore) {
  return (request: FastifyRequest): SignedAddress => {
    const { url } = request.routeOptions;
    if (url === signedContentPath) return readSignedContent(content, request);
    return url === archivePath ? readSignedArchive(archive, request) : readSignedChunk(transfer, request);
  };
}

/** The server below: HTTP, or HTTPS with the certificate that it starts with. */
function transport(certificate: Certificate | undefined) {
  const bounds = {
    maxHeaderSize: maxHeadBytes,
    headersTimeout: headTimeoutMs,
    connectionsCheckingInterval: checkTimeoutsMs,
    noDelay: true,
  };
  return certificate ? { https: { ...bounds, ...tlsRules, ...certificate } } : { http: bounds };
}

/** A parameter without a value, as in `?cursor=`, is one that was left out. */
function parseQuery(text: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parse(text)).filter(([, value]) => value !== ""));
}

/** Answers are checked against their schemas where others script against them. */
function installSerializers(app: App): void {
  const checked = new Set<string>();
  app.addHook("onRoute", ({ url, config }) => {
    if (config?.checksAnswers) checked.add(url);
  });
  app.setSerializerCompiler<z.ZodType>((route) =>
    checked.has(route.url) ? serializerCompiler(route) : JSON.stringify,
  );
}

const routes = [
  authRoutes,
  accountRoutes,
  signInWaysRoutes,
  appPasswordRoutes,
  deviceReportRoute,
  auditRoutes,
  noticeRoutes,
  commentRoutes,
  presenceRoutes,
  adminAccountRoutes,
  adminServerRoutes,
  adminJobRoutes,
  adminQuarantineRoutes,
  privacyRoutes,
  syncRoutes,
  chunkRoutes,
  chunkPartRoutes,
  directChunkRoutes,
  fileRoutes,
  historyRoutes,
  transferRoute,
  searchRoute,
  shareRoutes,
  linkRoutes,
  liveRoute,
  contentRoute,
  thumbnailRoute,
  ocsRoutes,
  signedContentRoutes,
  archiveRoutes,
  operationRoutes,
] as const;
