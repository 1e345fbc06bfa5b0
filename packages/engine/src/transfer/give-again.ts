import { hash as cryptoHash } from "node:crypto";
import { DiskError, type Disk } from "../ports/disk.ts";
import type { NamedChunk, Server } from "../ports/server.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import { failureMessage } from "../run/failure-message.ts";
import type { StateStore } from "../state/state-store.ts";

export interface GiveContext {
  readonly state: StateStore;
  readonly manifests: ManifestStore;
  readonly disk: Disk;
  readonly server: Server;
  readonly log: (line: string, details?: Record<string, unknown>) => void;
}

/** Answers the server's questions for damaged chunks beside everything else, one at a time: it asks again for what it didn't get. [EN91] */
export function givingAgain(context: GiveContext): (wanted: readonly NamedChunk[]) => void {
  let isGiving = false;
  return (wanted) => {
    if (isGiving) return;
    isGiving = true;
    giveAgain(context, wanted)
      .catch((error: unknown) => context.log("chunks could not be given again", { error: failureMessage(error) }))
      .finally(() => {
        isGiving = false;
      });
  };
}

/**
 * Uploads those chunks again that a file of this folder has, since the server's own copies are damaged. Only bytes that have the chunk's hash leave, whatever the file holds by now.
 *
 * @throws the api-client's errors
 */
async function giveAgain(context: GiveContext, wanted: readonly NamedChunk[]): Promise<void> {
  for (const chunk of wanted) {
    const bytes = await readOwn(context, chunk);
    if (bytes) await context.server.uploadChunks([{ ...chunk, bytes }]);
  }
}

async function readOwn({ state, manifests, disk }: GiveContext, chunk: NamedChunk): Promise<Uint8Array | undefined> {
  for (const { contentHash, offset } of manifests.placesOf(chunk.hash)) {
    for (const { id } of state.findLocalByContent(contentHash)) {
      const path = state.localPath(id);
      if (path === undefined) continue;
      try {
        const [bytes] = await disk.reader.readChunks(path, [{ offset, sizeBytes: chunk.sizeBytes }]);
        if (bytes && cryptoHash("sha256", bytes) === chunk.hash) return bytes;
      } catch (error) {
        // Changed or gone meanwhile: perhaps another file has it.
        if (!(error instanceof DiskError)) throw error;
      }
    }
  }
  return undefined;
}
