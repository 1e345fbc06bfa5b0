import type { HttpRequest, HttpTransport } from "../transport/transport.ts";
import type { RateBucket } from "./rate-bucket.ts";
import type { RateLimits } from "./rate-limits.ts";

/** A body of up to this size is counted and never waits: questions and answers must get through beside the files. */
export const freeBodyBytes = 16 * 1024;

/** Limits how fast bodies travel. [AC41] */
export function limitedTransport(inner: HttpTransport, { up, down }: RateLimits): HttpTransport {
  const pass = async (bucket: RateBucket, bytes: number, signal: AbortSignal | undefined): Promise<void> => {
    if (bytes > freeBodyBytes) await bucket.take(bytes, signal);
    else bucket.spend(bytes);
  };
  return {
    async send(request) {
      await pass(up, bodyBytes(request), request.signal);
      const response = await inner.send(request);
      const { length } = response.body;
      down.spend(length);
      // It has come; what comes next waits, since nobody goes on before this answer is given.
      if (length > freeBodyBytes) await down.settled(request.signal);
      return response;
    },
    close: () => inner.close(),
  };
}

function bodyBytes({ body = [] }: HttpRequest): number {
  let bytes = 0;
  for (const piece of body) bytes += piece.length;
  return bytes;
}
