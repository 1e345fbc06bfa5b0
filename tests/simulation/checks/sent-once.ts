import type { Contents } from "../work/contents.ts";
import type { SimServer } from "../world/sim-server.ts";
import { BrokenPromiseError } from "./broken-promise.ts";

/**
 * Where no request is lost and nobody is in another's way, a content travels no more often than somebody wrote it: what is moved, renamed, or only looked at again does not. A file of a single chunk is named as
 * its chunk is; of larger ones nothing is told. @throws BrokenPromiseError
 */
export function checkSentOnce({
  server,
  contents,
}: {
  readonly server: Pick<SimServer, "sentChunks">;
  readonly contents: Contents;
}): void {
  for (const [hash, times] of server.sentChunks) {
    const written = contents.timesWritten(hash);
    if (written !== undefined && times > written)
      throw new BrokenPromiseError(`${hash.slice(0, 8)} was written ${written} times, and sent ${times} times`);
  }
}
