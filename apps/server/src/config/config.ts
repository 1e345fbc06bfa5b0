import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { EffectiveSetting } from "@satchel/protocol";
import { malwareConfig, type MalwareConfig } from "./malware-config.ts";
import { identityConfig, type IdentityConfig } from "./identity-config.ts";
import { securityConfig, type SecurityConfig } from "./security-config.ts";
import { parseS3Setting, type S3Place } from "../storage/chunks/s3-setting.ts";
import type { KeyService } from "../storage/keys/key-service.ts";
import { parseKeyService } from "../storage/keys/key-service-setting.ts";
import type { TlsFiles } from "../tls/certificate.ts";
import { roles, type Role } from "../features/roles/role.ts";
import { describeSettings } from "./settings-table.ts";
import { ServerConfigError } from "./server-config-error.ts";

/** What the command line gives; each has an environment variable, which it goes before. */
export interface ServerOptions {
  readonly data?: string | undefined;
  readonly listen?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly database?: string | undefined;
  readonly cache?: string | undefined;
  readonly bus?: string | undefined;
  readonly blobs?: string | undefined;
  readonly role?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Of the built web app. Not on the command line: the program knows where it has it. */
  readonly webRoot?: string | undefined;
  /** Of the documentation, in the same way. */
  readonly docsRoot?: string | undefined;
}

export interface ServerConfig {
  /** Absolute. */
  readonly dataPath: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Without a slash at the end; undefined: whatever address a request was sent to. */
  readonly publicUrl: string | undefined;
  /** Directory of the built web app; undefined: the server has none. */
  readonly webRoot: string | undefined;
  /** Directory of the documentation; undefined: the server shows none. */
  readonly docsRoot: string | undefined;
  /** A `postgres://` address; undefined for SQLite in the data directory. */
  readonly databaseUrl: string | undefined;
  /** The `postgres://` address of its replica, for reads; undefined where there is none. */
  readonly replicaUrl: string | undefined;
  /** The most connections that this process opens to each of the two. */
  readonly databaseConnections: number;
  /** A `redis://` address through which several servers tell each other what happened; undefined: this one is alone. */
  readonly busUrl: string | undefined;
  /** What this process does. */
  readonly roles: ReadonlySet<Role>;
  /** A `redis://` address of what all processes remember together; undefined: each remembers for itself. */
  readonly cacheUrl: string | undefined;
  /** Where chunks lie in S3; undefined for packs in the data directory. */
  readonly blobs: S3Place | undefined;
  /** How long the process goes on answering after it said at `/readyz` that it stops. */
  readonly drainMs: number;
  readonly retention: RetentionConfig;
  /** Where keys lie; undefined: in the data directory. */
  readonly keysPath: string | undefined;
  /** What keeps the master key; undefined: a file. */
  readonly keyService: KeyService | undefined;
  /** Undefined to listen without TLS. */
  readonly tls: TlsFiles | undefined;
  readonly security: SecurityConfig;
  readonly identity: IdentityConfig;
  /** Undefined: nothing is looked at for malware. */
  readonly malware: MalwareConfig | undefined;
  /** How fast stored chunks are read again to see whether they are whole; 0: not at all. */
  readonly scrubBytesPerSecond: number;
  readonly logLevel: string;
  /** The same, to be shown. */
  readonly settings: readonly EffectiveSetting[];
}

export interface RetentionConfig {
  /** How long deleted files and old versions can be taken back. */
  readonly keepMs: number;
  /** How long a chunk that no version refers to stays, for whoever was told that it is there. */
  readonly graceMs: number;
  /** How often the job runs. */
  readonly everyMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultListen = "127.0.0.1:7420";
const maxDrainSeconds = 300;
/** A PostgreSQL serves a few hundred connections well; more processes come with fewer each. */
const maxDatabaseConnections = 500;
/** 1 GiB a second: more than any server reads. */
const maxScrubRate = 1024 ** 3;
const dayMs = 24 * 3600 * 1000;

/** Reads and checks all settings once. @throws ServerConfigError */
export function serverConfig(options: ServerOptions, env: Environment): ServerConfig {
  const setting = (name: keyof ServerOptions, variable: string): string | undefined =>
    options[name] ?? (env[variable] || undefined);
  const shared = {
    databaseUrl: parseDatabase(setting("database", "SATCHEL_DATABASE")),
    busUrl: parseRedis("--bus", setting("bus", "SATCHEL_BUS")),
    blobs: parseBlobs(setting("blobs", "SATCHEL_BLOBS")),
  };
  const publicUrlText = setting("publicUrl", "SATCHEL_PUBLIC_URL");
  const publicUrl = publicUrlText === undefined ? undefined : parsePublicUrl(publicUrlText);
  return {
    dataPath: resolve(setting("data", "SATCHEL_DATA") ?? defaultDataPath(process.platform, env)),
    listen: parseListen(setting("listen", "SATCHEL_LISTEN") ?? defaultListen),
    publicUrl,
    webRoot: options.webRoot,
    docsRoot: options.docsRoot,
    ...shared,
    replicaUrl: parseReplica(env["SATCHEL_DATABASE_REPLICA"] || undefined, shared.databaseUrl),
    databaseConnections: parseConnections(env["SATCHEL_DATABASE_CONNECTIONS"] || "10"),
    roles: parseRoles(setting("role", "SATCHEL_ROLE"), Object.values(shared).includes(undefined)),
    cacheUrl: parseRedis("--cache", setting("cache", "SATCHEL_CACHE")),
    drainMs: parseDrainSeconds(env["SATCHEL_DRAIN_SECONDS"] || "0") * 1000,
    retention: {
      keepMs: parseDays("SATCHEL_RETENTION_DAYS", env, 30) * dayMs,
      graceMs: dayMs,
      everyMs: 3600 * 1000,
    },
    keysPath: env["SATCHEL_KEYS"] ? resolve(env["SATCHEL_KEYS"]) : undefined,
    keyService: parseKms(env),
    tls: parseTls(setting("tlsCert", "SATCHEL_TLS_CERT"), setting("tlsKey", "SATCHEL_TLS_KEY")),
    security: securityConfig(env),
    identity: identityConfig(env, publicUrl),
    malware: malwareConfig(env),
    scrubBytesPerSecond: parseScrubRate(env["SATCHEL_SCRUB_RATE"] || "1048576"),
    logLevel: parseLogLevel(env["SATCHEL_LOG_LEVEL"] || "info"),
    settings: describeSettings(options, env),
  };
}

/** Processes that share the work have to share the stores. */
function parseRoles(text: string | undefined, isAlone: boolean): ReadonlySet<Role> {
  const names = text === undefined ? [...roles] : text.split(",").map((role) => role.trim());
  const unknown = names.find((name) => !roles.some((role) => role === name));
  if (unknown !== undefined)
    throw new ServerConfigError(`--role takes a comma list out of ${roles.join(", ")}; there is no role "${unknown}"`);
  const chosen = new Set(roles.filter((role) => names.includes(role)));
  if (chosen.size < roles.length && isAlone)
    throw new ServerConfigError(
      "a process with a part of the roles needs --database, --blobs and --bus, which it shares with the others",
    );
  return chosen;
}

/** `HOST:PORT`, `[::1]:PORT`. */
function parseListen(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !(port <= 65_535))
    throw new ServerConfigError(`--listen takes HOST:PORT, such as ${defaultListen}, not "${text}"`);
  return { host, port };
}

function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "" && url.username === "";
  if (!isPlain) throw new ServerConfigError(`--public-url takes an http or https address, not "${text}"`);
  return url.href.replace(/\/+$/, "");
}

function parseDatabase(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new ServerConfigError(
    "--database takes a postgres:// address; leave it out to use SQLite in the data directory",
  );
}

function parseReplica(text: string | undefined, databaseUrl: string | undefined): string | undefined {
  if (text === undefined || (databaseUrl !== undefined && /^postgres(ql)?:\/\//.test(text))) return text;
  throw new ServerConfigError("SATCHEL_DATABASE_REPLICA takes the postgres:// address of a replica of --database");
}

function parseConnections(text: string): number {
  const connections = Number(text);
  if (Number.isInteger(connections) && connections >= 1 && connections <= maxDatabaseConnections) return connections;
  throw new ServerConfigError(`SATCHEL_DATABASE_CONNECTIONS takes 1 to ${maxDatabaseConnections}, not "${text}"`);
}

function parseRedis(option: string, text: string | undefined): string | undefined {
  if (text === undefined || (/^rediss?:\/\//.test(text) && URL.canParse(text))) return text;
  throw new ServerConfigError(`${option} takes a redis:// address; leave it out for a server that is alone`);
}

function parseBlobs(text: string | undefined): S3Place | undefined {
  try {
    return text === undefined ? undefined : parseS3Setting(text);
  } catch (error) {
    if (error instanceof RangeError) throw new ServerConfigError(`--blobs: ${error.message}`);
    throw error;
  }
}

function parseKms(env: Environment): KeyService | undefined {
  const setting = env["SATCHEL_KMS"];
  if (!setting) return undefined;
  try {
    return parseKeyService(setting, env);
  } catch (error) {
    if (error instanceof RangeError) throw new ServerConfigError(`SATCHEL_KMS: ${error.message}`);
    throw error;
  }
}

function parseTls(certificate: string | undefined, key: string | undefined): TlsFiles | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new ServerConfigError("--tls-cert and --tls-key belong together: name both files");
  return { certificate: resolve(certificate), key: resolve(key) };
}

function parseDays(variable: string, env: Environment, byDefault: number): number {
  const text = env[variable];
  if (text === undefined || text === "") return byDefault;
  const days = Number(text);
  if (!(days > 0 && days <= 36_500)) throw new ServerConfigError(`${variable} takes a number of days, not "${text}"`);
  return days;
}

/** Bytes a second. @throws ServerConfigError */
function parseScrubRate(text: string): number {
  const rate = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (rate <= maxScrubRate) return rate;
  throw new ServerConfigError(`SATCHEL_SCRUB_RATE takes a number of bytes from 0 to ${maxScrubRate}, not "${text}"`);
}

function parseDrainSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0 && seconds <= maxDrainSeconds) return seconds;
  throw new ServerConfigError(`SATCHEL_DRAIN_SECONDS takes 0 to ${maxDrainSeconds} seconds, not "${text}"`);
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

function parseLogLevel(text: string): string {
  if (logLevels.includes(text)) return text;
  throw new ServerConfigError(`SATCHEL_LOG_LEVEL takes one of ${logLevels.join(", ")}, not "${text}"`);
}

/** Where the platform keeps the data of programs. */
export function defaultDataPath(platform: NodeJS.Platform, env: Environment): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "satchel", "server");
  if (platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "satchel", "server");
  const base = env["XDG_DATA_HOME"];
  return join(base && isAbsolute(base) ? base : join(homedir(), ".local", "share"), "satchel", "server");
}
