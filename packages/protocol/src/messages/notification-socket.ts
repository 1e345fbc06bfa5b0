/** The subprotocol of the notification socket (RFC 6455, section 1.9). A client that can send headers need not name it. */
export const notificationsProtocol = "satchel.v1";

const bearerPrefix = "satchel.bearer.";

/** How a browser, which can't send headers with a WebSocket, offers its access token: as a second subprotocol, which the server reads and never selects. */
export function bearerProtocol(accessToken: string): string {
  return bearerPrefix + accessToken;
}

/** The token among the offered subprotocols (the value of `Sec-WebSocket-Protocol`), if there is one. */
export function tokenOfProtocols(header: string | undefined): string | undefined {
  const offered = header?.split(",").map((protocol) => protocol.trim()) ?? [];
  return offered.find((protocol) => protocol.startsWith(bearerPrefix))?.slice(bearerPrefix.length);
}
