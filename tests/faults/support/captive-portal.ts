import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a hotel's network puts before everything until its guest has signed in. */
export interface CaptivePortal extends AsyncDisposable {
  readonly port: number;
  /** Requests that it answered in place of the server. */
  answered(): number;
}

const PAGE = "<!doctype html><title>Welcome</title><p>Sign in to use our network.</p>";

/** Opens one on a free port of loopback: every other request gets its page with 200, the rest a redirect to it, and so do WebSockets. */
export async function openCaptivePortal(): Promise<CaptivePortal> {
  let answered = 0;
  const server = createServer((request, response) => {
    answered += 1;
    request.resume();
    if (answered % 2 === 0) response.writeHead(302, { location: "http://portal.example/login" }).end();
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
  });
  server.on("upgrade", (_request, socket) => {
    answered += 1;
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    answered: () => answered,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
