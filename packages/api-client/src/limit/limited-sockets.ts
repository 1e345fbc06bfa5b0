import type { SocketTransport } from "../transport/socket-transport.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Counts what the server pushes. It comes unasked, and so never waits; what is asked for after it does. [AC44] */
export function limitedSockets(inner: SocketTransport, { down }: RateLimits): SocketTransport {
  return {
    open: (request, handlers) =>
      inner.open(request, {
        ...handlers,
        onMessage(text) {
          // Chunks are base64 in it, and so is nearly all that is long: a character is a byte.
          down.spend(text.length);
          handlers.onMessage(text);
        },
      }),
  };
}
