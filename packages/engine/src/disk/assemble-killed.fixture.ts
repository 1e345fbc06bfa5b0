import { createChunker, chooseLevel } from "@satchel/chunking";
import { seededRandom } from "@satchel/testkit";
import type { Disk, Piece, TemporaryFile } from "../ports/disk.ts";
import { sha256 } from "./jobs/open-chunker.ts";
import { openNodeDisk } from "./node-disk.ts";

/** What the child tells of its progress. */
export interface Progress {
  readonly bytes: number;
}

export const content = seededRandom("killed").bytes(48 * 1024 * 1024);

export const options = { modifiedMs: 1_700_000_000_000, executable: false, resumeKey: "killed" };

/** Puts the content together from a server that is slow. */
export async function assembleSlowly(disk: Disk, onAsked: (bytes: number) => void): Promise<TemporaryFile> {
  let at = 0;
  const read = (target: Uint8Array): number => {
    const part = content.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const chunks = createChunker().cutSync({ read, level: chooseLevel(content.length), hash: sha256 });
  const known = new Map<string, Uint8Array>();
  const pieces = chunks
    .map(({ hash, sizeBytes, bytes }): Piece => {
      known.set(hash, bytes.slice());
      return { hash, sizeBytes, source: { from: "server" } };
    })
    .toArray();
  let last = Promise.resolve();
  const fetch = async (asked: readonly Piece[]): Promise<Uint8Array[]> => {
    onAsked(asked.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    // One answer after the other, each after a while.
    last = last.then(() => new Promise((resolve) => setTimeout(resolve, 100)));
    await last;
    return asked.map(({ hash }) => known.get(hash)?.slice() ?? new Uint8Array());
  };
  const onProgress = (bytes: number): void => void process.send?.({ bytes } satisfies Progress);
  return disk.writer.assemble({ ...options, pieces, fetch, onProgress });
}

/** The child: `FILE ROOT`. */
if (import.meta.main) {
  const disk = openNodeDisk({ root: process.argv[2] ?? "" });
  await disk.prepareRoot("marker");
  await assembleSlowly(disk, () => undefined);
}
