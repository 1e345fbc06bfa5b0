import type { IncomingHttpHeaders } from "node:http";

/** Cookies of our own pages. */
export type CookieName = "session" | "known" | "outside" | "link";

interface CookieOptions {
  /** Zero takes it away. */
  readonly maxAgeMs: number;
  readonly isSecure: boolean;
  readonly path?: string;
}

/** Over TLS, the prefix keeps other hosts of the domain from setting it (RFC 6265bis). */
function nameOf(name: CookieName, isSecure: boolean): string {
  return isSecure ? `__Host-satchel-${name}` : `satchel-${name}`;
}

export function readCookie(headers: IncomingHttpHeaders, name: CookieName, isSecure: boolean): string | undefined {
  const wanted = nameOf(name, isSecure);
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [key, ...value] = pair.trim().split("=");
    if (key === wanted) return value.join("=");
  }
  return undefined;
}

/** A `Set-Cookie` that no script reads and no other site sends along with a form. */
export function writeCookie(name: CookieName, value: string, { maxAgeMs, isSecure }: CookieOptions): string {
  const parts = [`${nameOf(name, isSecure)}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  parts.push(`Max-Age=${Math.floor(maxAgeMs / 1000)}`);
  if (isSecure) parts.push("Secure");
  return parts.join("; ");
}
