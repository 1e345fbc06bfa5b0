import { OfflineError, type CallOptions, type RetryPolicy, type Timing } from "@satchel/api-client";

/** How often a server that can't give it now is asked: to try what takes too long to draw costs it half a minute each time. */
const busyServer: RetryPolicy = { attempts: 4, maxWaitMs: Number.POSITIVE_INFINITY };
/** Between two of such rounds while the server can't be reached, in milliseconds; up to twice as long, for each another time. */
const roundMs = 15_000;

/** Asks for a picture: of a server that is busy a few times, of one that can't be reached for as long as the signal lets it. @throws ProblemError, the signal's reason */
export async function loadPicture<Picture>(
  ask: (options: CallOptions) => Promise<Picture>,
  signal: AbortSignal,
  { sleep, random }: Pick<Timing, "sleep" | "random">,
): Promise<Picture> {
  for (;;) {
    try {
      return await ask({ signal, retry: busyServer });
    } catch (error) {
      if (!(error instanceof OfflineError)) throw error;
    }
    await sleep(roundMs * (1 + random()), signal);
  }
}
