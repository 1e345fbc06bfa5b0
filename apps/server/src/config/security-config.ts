import type { BlockList } from "node:net";
import type { ConnectionLimits } from "../http/limits/limit-connections.ts";
import { parseTrustedProxies } from "../http/requests/client-address.ts";
import type { Rate } from "../storage/limiter/limiter.ts";
import { ServerConfigError } from "./server-config-error.ts";

/** Settings that bound what callers may do, and say what is kept about it. docs/operate/security-settings.md lists them. */
export interface SecurityConfig {
  /** How long the audit log is kept. */
  readonly auditKeepMs: number;
  /** How long an account that asked for its deletion can take that back. */
  readonly deletionGraceMs: number;
  /** Proxies whose word about a caller's address is believed. */
  readonly trustedProxies: BlockList;
  /** How much each kind of caller may ask; undefined where a limit is off. */
  readonly rates: Readonly<Record<"address" | "account" | "device" | "signIn", Rate | undefined>>;
  readonly connections: ConnectionLimits;
  /** The most requests in hand at once. */
  readonly maxRequests: number;
  /** The most old versions that a file keeps. */
  readonly maxVersions: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const dayMs = 24 * 3600 * 1000;
const maxDays = 36_500;
/** Many people may sit behind one address; whoever tries passwords gets on at the rate. */
const signInBurstSeconds = 60;
const count = { atLeast: 1, atMost: 1_000_000_000 };

/** @throws ServerConfigError */
export function securityConfig(env: Environment): SecurityConfig {
  return {
    auditKeepMs: parseNumber(env, "SATCHEL_AUDIT_DAYS", { byDefault: 365, atLeast: 1, atMost: maxDays }) * dayMs,
    deletionGraceMs:
      parseNumber(env, "SATCHEL_DELETION_GRACE_DAYS", { byDefault: 14, atLeast: 0, atMost: maxDays }) * dayMs,
    trustedProxies: parseProxies(env["SATCHEL_TRUSTED_PROXIES"] ?? ""),
    rates: {
      address: parseRate(env, "SATCHEL_RATE_ADDRESS", 3000),
      account: parseRate(env, "SATCHEL_RATE_ACCOUNT", 2000),
      device: parseRate(env, "SATCHEL_RATE_DEVICE", 1000),
      signIn: parseRate(env, "SATCHEL_RATE_SIGN_IN", 1, signInBurstSeconds),
    },
    connections: {
      maxConnections: parseNumber(env, "SATCHEL_MAX_CONNECTIONS", { byDefault: 20_000, ...count }),
      maxConnectionsPerAddress: parseNumber(env, "SATCHEL_MAX_CONNECTIONS_PER_ADDRESS", { byDefault: 1000, ...count }),
    },
    maxRequests: parseNumber(env, "SATCHEL_MAX_REQUESTS", { byDefault: 2048, atLeast: 16, atMost: 1_000_000 }),
    maxVersions: parseNumber(env, "SATCHEL_MAX_VERSIONS", { byDefault: 10_000, ...count }),
  };
}

/** A number a second; 0 is no limit. After a rest, as much as that of `burstSeconds` may come at once. */
function parseRate(env: Environment, variable: string, byDefault: number, burstSeconds = 4): Rate | undefined {
  const perSecond = parseNumber(env, variable, { byDefault, atLeast: 0, atMost: 1_000_000 });
  return perSecond === 0 ? undefined : { perSecond, burst: Math.max(1, Math.ceil(perSecond * burstSeconds)) };
}

function parseNumber(
  env: Environment,
  variable: string,
  { byDefault, atLeast, atMost }: { readonly byDefault: number; readonly atLeast: number; readonly atMost: number },
): number {
  const text = env[variable];
  if (text === undefined || text === "") return byDefault;
  const number = Number(text);
  if (!(number >= atLeast && number <= atMost))
    throw new ServerConfigError(`${variable} takes a number from ${atLeast} to ${atMost}, not "${text}"`);
  return number;
}

function parseProxies(text: string): BlockList {
  const list = text.split(",").flatMap((entry) => entry.trim() || []);
  try {
    return parseTrustedProxies(list);
  } catch (error) {
    if (error instanceof RangeError) throw new ServerConfigError(`SATCHEL_TRUSTED_PROXIES: ${error.message}`);
    throw error;
  }
}
