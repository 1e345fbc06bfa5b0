import { systemTiming, type Timing } from "../retry/timing.ts";
import type { HttpRequest, HttpTransport } from "../transport/transport.ts";
import { RateBucket } from "./rate-bucket.ts";

/** Bytes a second each way; null for no limit. */
export interface TransferRates {
  readonly up: number | null;
  readonly down: number | null;
}

/** A body of up to this size is counted and never waits: questions and answers must get through beside the files. */
export const freeBodyBytes = 16 * 1024;

/** Limits how fast bodies travel. The rates are asked for again and again, so they may change at any time. [AC41] */
export function limitedTransport(
  inner: HttpTransport,
  rates: () => TransferRates,
  timing: Pick<Timing, "nowMs" | "sleep"> = systemTiming,
): HttpTransport {
  const up = new RateBucket(timing, () => rates().up);
  const down = new RateBucket(timing, () => rates().down);
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
