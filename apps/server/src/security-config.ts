import type { BlockList } from "node:net";
import { parseTrustedProxies } from "./http/client-address.ts";
import { ServerConfigError } from "./server-config-error.ts";

/** Settings that bound what callers may do, and say what is kept about it. docs/operate/security-settings.md lists them. */
export interface SecurityConfig {
  /** How long the audit log is kept. */
  readonly auditKeepMs: number;
  /** Proxies whose word about a caller's address is believed. */
  readonly trustedProxies: BlockList;
}

type Environment = Readonly<Record<string, string | undefined>>;

const dayMs = 24 * 3600 * 1000;
const maxDays = 36_500;

/** @throws ServerConfigError */
export function securityConfig(env: Environment): SecurityConfig {
  return {
    auditKeepMs: parseNumber(env, "SATCHEL_AUDIT_DAYS", { byDefault: 365, atLeast: 1, atMost: maxDays }) * dayMs,
    trustedProxies: parseProxies(env["SATCHEL_TRUSTED_PROXIES"] ?? ""),
  };
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
