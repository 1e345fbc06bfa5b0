import type { IncomingHttpHeaders } from "node:http";

/** Cookies of our own pages. */
export type CookieName = "session" | "known" | "outside" | "link";

/** What the cookies of a server are limited to. */
export interface CookiePlace {
  /** Over TLS. */
  readonly isSecure: boolean;
  /** The path that the server is reached below; empty for most. */
  readonly path: string;
}

interface CookieOptions extends CookiePlace {
  /** Zero takes it away. */
  readonly maxAgeMs: number;
}

/** Over TLS, the prefix keeps other hosts of the domain from setting it (RFC 6265bis). It asks for the path `/`: below another one, the prefix says only that it came over TLS. */
function nameOf(name: CookieName, { isSecure, path }: CookiePlace): string {
  if (!isSecure) return `satchel-${name}`;
  return path === "" ? `__Host-satchel-${name}` : `__Secure-satchel-${name}`;
}

export function readCookie(headers: IncomingHttpHeaders, name: CookieName, place: CookiePlace): string | undefined {
  const wanted = nameOf(name, place);
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [key, ...value] = pair.trim().split("=");
    if (key === wanted) return value.join("=");
  }
  return undefined;
}

/** A `Set-Cookie` that no script reads and no other site sends along with a form. */
export function writeCookie(name: CookieName, value: string, options: CookieOptions): string {
  const { maxAgeMs, isSecure, path } = options;
  const parts = [`${nameOf(name, options)}=${value}`, `Path=${path === "" ? "/" : path}`, "HttpOnly", "SameSite=Lax"];
  parts.push(`Max-Age=${Math.floor(maxAgeMs / 1000)}`);
  if (isSecure) parts.push("Secure");
  return parts.join("; ");
}
