import { createServer, request as forward } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** An HTTP proxy on loopback, as offices have them. */
export interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** `CONNECT host:port` and `GET host:port`, in the order in which they were asked. */
  readonly asked: string[];
}

export interface ConnectProxyOptions {
  /** Host names that only the proxy knows, and the port of loopback that each stands for; others are refused with 403. */
  readonly hosts: Readonly<Record<string, number>>;
  /** `name:password` that it insists on, with 407; none if left out. */
  readonly login?: string;
}

/** Starts a proxy that tunnels by CONNECT, and carries plain requests with a whole address. */
export async function startConnectProxy({ hosts, login }: ConnectProxyOptions): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
  const server = createServer((request, response) => {
    const { method = "", headers } = request;
    const target = URL.parse(request.url ?? "");
    asked.push(`${method} ${target?.host ?? ""}`);
    const port = hosts[target?.hostname ?? ""];
    const isAllowed = expected === undefined || request.headers["proxy-authorization"] === expected;
    if (!isAllowed || port === undefined || !target) return void response.writeHead(isAllowed ? 403 : 407).end();
    const onward = forward({ host: "127.0.0.1", port, path: target.pathname + target.search, method, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    onward.on("error", () => response.destroy());
    pipeline(request, onward, () => undefined);
  });
  server.on("connect", (request, socket: Socket) => {
    const { url: authority = "" } = request;
    asked.push(`CONNECT ${authority}`);
    const port = hosts[authority.split(":")[0] ?? ""];
    const isAllowed = expected === undefined || request.headers["proxy-authorization"] === expected;
    if (!isAllowed || port === undefined)
      return void socket.end(`HTTP/1.1 ${isAllowed ? "403 Forbidden" : "407 Proxy Authentication Required"}\r\n\r\n`);
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      pipeline(socket, onward, () => undefined);
      pipeline(onward, socket, () => undefined);
    });
    onward.on("error", () => socket.destroy());
    sockets.add(onward);
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
