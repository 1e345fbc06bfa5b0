import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
  /** Whether the other end speaks TLS. */
  readonly isSecure: boolean;
}

/** The proxy did not open a way to the server. */
export class ProxyRefusedError extends Error {
  override readonly name = "ProxyRefusedError";
}

/** Opens a connection to the target through an HTTP proxy, by CONNECT; ready to carry plain bytes, or TLS already. @throws ProxyRefusedError, and what breaks connections */
export async function openTunnel(proxy: URL, target: TunnelTarget, timeoutMs: number): Promise<Socket> {
  const socket = await connectThrough(proxy, target, timeoutMs);
  if (!target.isSecure) return socket;
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, servername: target.host, ALPNProtocols: ["http/1.1"] });
    secure.once("secureConnect", () => resolve(secure));
    secure.once("error", reject);
  });
}

function connectThrough(proxy: URL, target: TunnelTarget, timeoutMs: number): Promise<Socket> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asking = (proxy.protocol === "https:" ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      timeout: timeoutMs,
      agent: false,
    });
    asking.once("connect", (answer, socket) => {
      socket.setTimeout(0);
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refusal(answer.statusCode));
    });
    asking.once("response", (answer) => {
      answer.destroy();
      reject(refusal(answer.statusCode));
    });
    asking.once("timeout", () => asking.destroy(new ProxyRefusedError("the proxy did not answer in time")));
    asking.once("error", reject);
    asking.end();
  });
}

function refusal(status = 0): ProxyRefusedError {
  return new ProxyRefusedError(`the proxy refuses the way to the server (${status})`);
}

/** Name and password from the proxy's address. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
