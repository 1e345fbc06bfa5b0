/** The variables of the environment that name proxies; those in lower case go first, as with other programs. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** A variable names a proxy that can't be one. */
export class ProxySettingError extends Error {
  override readonly name = "ProxySettingError";
}

/**
 * The proxy on the way to an address: `HTTPS_PROXY` or `HTTP_PROXY` by the address's scheme, else `ALL_PROXY`, unless `NO_PROXY` names the host. This machine itself is reached without
 * one. [AC42]
 *
 * @throws ProxySettingError
 */
export function findProxy(target: URL, environment: ProxyEnvironment): URL | undefined {
  const own = target.protocol === "https:" || target.protocol === "wss:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const name = [own, "ALL_PROXY"].find((each) => valueOf(environment, each) !== undefined);
  const value = name === undefined ? undefined : valueOf(environment, name);
  if (name === undefined || value === undefined) return undefined;
  if (isLoopback(target.hostname) || isExempt(target, valueOf(environment, "NO_PROXY") ?? "")) return undefined;
  const proxy = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  const why = proxy ? `is a ${proxy.protocol.replace(":", "")} proxy` : "is no address";
  throw new ProxySettingError(`${name} ${why}, and only http and https proxies can be used`);
}

function valueOf(environment: ProxyEnvironment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name] || undefined;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** `NO_PROXY` is a list of hosts: exact, with all below them, with a port, or `*` for all. */
function isExempt(target: URL, list: string): boolean {
  const port = target.port || (target.protocol === "https:" || target.protocol === "wss:" ? "443" : "80");
  const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    // More than one colon and no brackets: an IPv6 address without a port.
    const isPlainIp6 = /^[^[\]]*:[^[\]]*:/.test(entry);
    const [, named, entryPort] = isPlainIp6 ? ["", entry] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
    const name = named
      ?.toLowerCase()
      .replace(/^\*?\./, "")
      .replaceAll(/[[\]]/g, "");
    if (!name || (entryPort !== undefined && entryPort !== port)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
