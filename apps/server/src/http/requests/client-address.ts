import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";

/** Proxies whose word about a caller's address is believed. @throws RangeError for what is no address or subnet */
export function parseTrustedProxies(list: readonly string[]): BlockList {
  const trusted = new BlockList();
  for (const entry of list) {
    const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (isIP(address) === 0 || Number(prefix ?? 0) > (family === "ipv6" ? 128 : 32))
      throw new RangeError(`"${entry}" is no address such as 10.0.0.1, and no subnet such as 10.0.0.0/8`);
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return trusted;
}

/** The most addresses of `X-Forwarded-For` that are looked at. */
const maxHops = 20;

/**
 * Where a request came from: the peer's address, or, as long as that is a trusted proxy, the one that it put into `X-Forwarded-For`, read from the right: what
 * stands further left may be made up by the caller.
 */
export function clientAddress(message: IncomingMessage, trusted: BlockList): string {
  let address = plain(message.socket.remoteAddress ?? "");
  const header = [message.headers["x-forwarded-for"] ?? []].flat().join(",");
  const named = header === "" ? [] : header.split(",").slice(-maxHops);
  while (named.length > 0 && isTrusted(trusted, address)) {
    const next = plain((named.pop() ?? "").trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** An IPv4 address that came over an IPv6 socket is the IPv4 address. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
