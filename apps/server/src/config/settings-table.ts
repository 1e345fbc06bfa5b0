import type { EffectiveSetting } from "@satchel/protocol";
import type { ServerOptions } from "./config.ts";

/** A setting of the server: its variable, the option that goes before it, and what it is without both. */
interface Setting {
  readonly name: string;
  readonly option?: keyof ServerOptions;
  readonly byDefault: string | null;
  /** It is a secret as a whole. Passwords in addresses never show, whatever this says. */
  readonly secret?: true;
}

/** Every setting; a test holds this equal to what the sources read. */
const settings: readonly Setting[] = [
  { name: "SATCHEL_DATA", option: "data", byDefault: null },
  { name: "SATCHEL_LISTEN", option: "listen", byDefault: "127.0.0.1:7420" },
  { name: "SATCHEL_PUBLIC_URL", option: "publicUrl", byDefault: null },
  { name: "SATCHEL_DATABASE", option: "database", byDefault: "SQLite" },
  { name: "SATCHEL_DATABASE_REPLICA", byDefault: null },
  { name: "SATCHEL_DATABASE_CONNECTIONS", byDefault: "10" },
  { name: "SATCHEL_TLS_CERT", option: "tlsCert", byDefault: null },
  { name: "SATCHEL_TLS_KEY", option: "tlsKey", byDefault: null },
  { name: "SATCHEL_CACHE", option: "cache", byDefault: null },
  { name: "SATCHEL_BUS", option: "bus", byDefault: null },
  { name: "SATCHEL_BLOBS", option: "blobs", byDefault: null },
  { name: "SATCHEL_ROLE", option: "role", byDefault: "api,notify,worker" },
  { name: "SATCHEL_DRAIN_SECONDS", byDefault: "0" },
  { name: "SATCHEL_KEYS", byDefault: null },
  { name: "SATCHEL_KMS", byDefault: null },
  { name: "SATCHEL_RETENTION_DAYS", byDefault: "30" },
  { name: "SATCHEL_SCRUB_RATE", byDefault: "1048576" },
  { name: "SATCHEL_LOG_LEVEL", byDefault: "info" },
  { name: "SATCHEL_SIGN_UP", byDefault: "invitation" },
  { name: "SATCHEL_SMTP", byDefault: null },
  { name: "SATCHEL_MAIL_FROM", byDefault: null },
  { name: "SATCHEL_OIDC_ISSUER", byDefault: null },
  { name: "SATCHEL_OIDC_CLIENT_ID", byDefault: null },
  { name: "SATCHEL_OIDC_CLIENT_SECRET", byDefault: null, secret: true },
  { name: "SATCHEL_OIDC_NAME", byDefault: null },
  { name: "SATCHEL_AUDIT_DAYS", byDefault: "365" },
  { name: "SATCHEL_DELETION_GRACE_DAYS", byDefault: "14" },
  { name: "SATCHEL_TRUSTED_PROXIES", byDefault: null },
  { name: "SATCHEL_RATE_ADDRESS", byDefault: "3000" },
  { name: "SATCHEL_RATE_ACCOUNT", byDefault: "2000" },
  { name: "SATCHEL_RATE_DEVICE", byDefault: "1000" },
  { name: "SATCHEL_RATE_SIGN_IN", byDefault: "1" },
  { name: "SATCHEL_MAX_CONNECTIONS", byDefault: "20000" },
  { name: "SATCHEL_MAX_CONNECTIONS_PER_ADDRESS", byDefault: "1000" },
  { name: "SATCHEL_MAX_REQUESTS", byDefault: "2048" },
  { name: "SATCHEL_MAX_VERSIONS", byDefault: "10000" },
  { name: "SATCHEL_CLAMD", byDefault: null },
  { name: "SATCHEL_CLAMD_MAX_BYTES", byDefault: "104857600" },
];

/** What is in force, and since where: for whoever administers the server, without its secrets. */
export function describeSettings(
  options: ServerOptions,
  env: Readonly<Record<string, string | undefined>>,
): EffectiveSetting[] {
  return settings.map(({ name, option, byDefault, secret = false }) => {
    const fromOption = option && options[option];
    const fromEnvironment = env[name] || undefined;
    const origin = fromOption === undefined ? (fromEnvironment === undefined ? "default" : "environment") : "option";
    const value = fromOption ?? fromEnvironment ?? byDefault;
    return {
      name,
      option: option === undefined ? null : `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      origin,
      value: secret || value === null ? null : withoutPassword(value),
      secret: secret && value !== null,
    };
  });
}

/** An address without the password in it, and without parameters, which may hold one, too. */
function withoutPassword(value: string): string {
  if (!URL.canParse(value) || !value.includes("://")) return value;
  const url = new URL(value);
  if (url.password !== "") url.password = "***";
  if (url.search !== "") url.search = "?***";
  return url.href.replace("%3F***", "?***");
}
