import type { IncomingMessage } from "node:http";

/** Headers by which proxies tell that a request was somebody else's. */
const passedOn = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"] as const;

/**
 * Does whoever sends this sit at the server's own machine? It came over loopback, to a name that only this machine has (so that no other site's name leads here), with no sign of a proxy, and the server is not known
 * to be reached from elsewhere.
 */
export function isAtServer({ socket, headers }: IncomingMessage, publicUrl: string | undefined): boolean {
  if (publicUrl !== undefined && !isLoopbackName(new URL(publicUrl).hostname)) return false;
  if (passedOn.some((name) => headers[name] !== undefined)) return false;
  const { remoteAddress = "" } = socket;
  const isLocal = remoteAddress === "::1" || /^(::ffff:)?127\./.test(remoteAddress);
  const url = `http://${headers.host ?? ""}`;
  return isLocal && URL.canParse(url) && isLoopbackName(new URL(url).hostname);
}

function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
