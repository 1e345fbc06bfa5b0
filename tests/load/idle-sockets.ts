import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { LoginResponse } from "@satchel/protocol";

export interface OpenSockets {
  readonly opened: number;
  readonly failed: number;
  close(): void;
}

/** So many are opened at once; a server takes them one after the other anyway. */
const atOnce = 50;
const handshakeMs = 60_000;
/** The frames that keep a connection alive (RFC 6455): a ping without content, and a masked pong without content. */
const pingByte = 0x89;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Opens WebSockets that only listen, with as little on this side as will do. */
export async function openSockets(options: {
  readonly url: string;
  readonly logins: readonly LoginResponse[];
  readonly count: number;
}): Promise<OpenSockets> {
  const sockets: Socket[] = [];
  let failed = 0;
  let next = 0;
  const openSome = async (): Promise<void> => {
    while (next < options.count) {
      const login = options.logins[next % options.logins.length] as LoginResponse;
      next += 1;
      const socket = await openOne(options.url, login);
      if (socket) sockets.push(socket);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, openSome));
  return {
    opened: sockets.length,
    failed,
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** Undefined when the server refused, or took too long. */
async function openOne(url: string, { access_token }: LoginResponse): Promise<Socket | undefined> {
  const { hostname, port, host } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: hostname, port: Number(port) });
  const timer = setTimeout(() => resolve(false), handshakeMs);
  socket.on("error", () => resolve(false));
  socket.on("close", () => resolve(false));
  socket.once("data", (piece: Buffer) => resolve(piece.toString("latin1", 9, 12) === "101"));
  socket.on("data", (piece: Buffer) => {
    if (piece[0] === pingByte) socket.write(pong);
  });
  socket.write(
    `GET /v1/sync/notifications HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${access_token}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  );
  const isOpen = await promise;
  clearTimeout(timer);
  if (isOpen) return socket;
  socket.destroy();
  return undefined;
}
