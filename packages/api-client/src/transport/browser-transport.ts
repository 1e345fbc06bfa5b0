import { OfflineError } from "./transport.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "./transport.ts";

/** As the Node transport has it: how long the server may be silent before its answer begins. */
const answerWithinMs = 45_000;

/** HTTP over the browser's own `fetch`, which keeps connections open by itself. */
export function createHttpTransport(serverUrl: string): HttpTransport {
  const base = serverUrl.replace(/\/$/, "");
  let closing = new AbortController();
  return {
    send: (request) => exchange(base, request, closing.signal),
    close: async () => {
      closing.abort(new OfflineError("the client was closed"));
      // Also called when the network was another one a moment ago: what is asked from now on goes out anew.
      closing = new AbortController();
    },
  };
}

/** What a Blob takes: its types rule out memory that threads share, which no body of a page is in. */
type BlobPieces = ConstructorParameters<typeof Blob>[0];

async function exchange(base: string, request: HttpRequest, closing: AbortSignal): Promise<HttpResponse> {
  const url = /^https?:\/\//.test(request.path) ? request.path : base + request.path;
  const late = AbortSignal.timeout(request.answerWithinMs ?? answerWithinMs);
  const signals = [closing, late, ...(request.signal ? [request.signal] : [])];
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: request.headers,
      // A Blob holds the pieces by reference and knows its length, so that they go out in one body without being copied.
      ...(request.body ? { body: new Blob(request.body as BlobPieces) } : {}),
      // The right to ask is in the token alone: no cookie goes along, none is kept.
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.any(signals),
    });
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw new OfflineError(late.aborted ? "the server did not answer in time" : "the server can't be reached", {
      cause: error,
    });
  }
}
