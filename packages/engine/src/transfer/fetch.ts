import { decodeManifest, type ManifestChunk } from "@satchel/chunking";
import { ignoreFileName, type EntryId, type VersionHash } from "@satchel/protocol";
import type { Place } from "@satchel/reconcile";
import { agree } from "../books/agree.ts";
import type { Offers } from "../books/offers.ts";
import { settle } from "../books/settle.ts";
import {
  DiskError,
  maxSmallFileBytes,
  type Disk,
  type DiskStat,
  type Piece,
  type TemporaryFile,
} from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import type { Hints } from "../scan/hints.ts";
import { isLeftBehind } from "../scan/is-left-behind.ts";
import { joinPath } from "../scan/join-path.ts";
import { nowhere } from "../scan/local-observer.ts";
import { isSameAfterMove, isSeenAnew, recordOf } from "../scan/observation.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, RemoteRecord, StateStore } from "../state/state-store.ts";
import type { BundleMemory } from "./bundle-memory.ts";
import type { Carry } from "./carry.ts";
import { downloadIntact, lackOf, type Lack } from "./download-intact.ts";
import { placeOrTakeOver } from "./take-over.ts";
import { groupBySize } from "./group-by-size.ts";
import type { TransferMeter } from "./transfer-meter.ts";

/** The most files, and bytes, that are brought in one go. */
const batchBounds = { maxItems: 200, maxBytes: 4 * 1024 * 1024, aloneAboveBytes: maxSmallFileBytes };

export interface FetchContext {
  readonly state: StateStore;
  readonly manifests: ManifestStore;
  readonly offers: Pick<Offers, "forgetContent">;
  readonly disk: Disk;
  readonly server: Server;
  readonly carry: Carry;
  readonly bundleMemory: BundleMemory;
  readonly meter: TransferMeter;
  readonly hints: Pick<Hints, "placing" | "placed">;
  /** What is on the disk is not what the local tree says: look again. */
  readonly lookAgain: (path: string) => void;
  readonly onProblem: (id: EntryId, path: string, error: DiskError) => void;
  /** The disk was not as the plan saw it; a look should tell why. */
  readonly onObstacle: (id: EntryId, path: string, error: DiskError, isIgnoredThere?: boolean) => void;
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
}

export interface FetchTarget {
  readonly id: EntryId;
  readonly place: Place;
}

/** Files to bring in one go: many small ones, or a single large one. */
export function fetchBatches(state: StateStore, targets: readonly FetchTarget[]): Iterable<FetchTarget[]> {
  return groupBySize(targets, ({ id }) => state.remote.find(id)?.sizeBytes ?? 0, batchBounds);
}

/** A version on its way to the disk. */
interface Incoming {
  readonly target: FetchTarget;
  readonly remote: RemoteRecord;
  readonly contentHash: VersionHash;
  readonly manifest: readonly ManifestChunk[];
  readonly packed: Uint8Array;
}

/** Brings the contents of a batch and puts each in its place, atomically, if the place is still what the plan saw. */
export async function fetchFiles(
  context: FetchContext,
  targets: readonly FetchTarget[],
  signal: AbortSignal,
): Promise<void> {
  const links = targets.filter(({ id }) => context.state.remote.find(id)?.type === "link");
  for (const target of links) await placeLink(context, target);
  const incoming = await withManifests(context, targets);
  const [first] = incoming;
  if (!first) return;
  if (incoming.length === 1 && first.remote.sizeBytes > maxSmallFileBytes) {
    await finish(context, first, await assemble(context, first, signal));
    return;
  }
  const { contents, memory } = await smallContents(context, incoming);
  const intact = incoming.flatMap((file, index) => {
    const bytes = contents[index] ?? "damaged";
    if (typeof bytes !== "string") return [{ ...file, bytes }];
    tellLack(context, file, bytes);
    return [];
  });
  const written = await context.disk.writer.writeSmall(
    intact.map(({ remote, contentHash, packed, bytes }) => ({
      bytes,
      versionHash: contentHash,
      packedChunks: packed,
      modifiedMs: remote.modifiedMs,
      executable: remote.executable,
    })),
  );
  context.bundleMemory.giveBack(memory);
  await Promise.all(
    intact.map(async (file, index) => {
      const outcome = written[index];
      if (outcome) await finish(context, file, outcome);
    }),
  );
}

/** The versions to bring with their chunk lists; those that came without one are asked for. */
async function withManifests(
  { state, manifests, server }: FetchContext,
  targets: readonly FetchTarget[],
): Promise<Incoming[]> {
  const files = targets.flatMap((target) => {
    const remote = state.remote.find(target.id);
    return remote?.type === "file" && remote.contentHash !== null && remote.versionId !== null
      ? [{ target, remote, contentHash: remote.contentHash, versionId: remote.versionId }]
      : [];
  });
  const unknown = files.filter(({ contentHash }) => manifests.findPacked(contentHash) === undefined);
  for (let from = 0; from < unknown.length; from += 256) {
    const asked = unknown.slice(from, from + 256);
    const told = await server.manifests(asked.map(({ target, versionId }) => ({ id: target.id, versionId })));
    for (const [index, { contentHash }] of asked.entries()) {
      const packed = told[index];
      if (packed) manifests.keep(contentHash, packed);
    }
  }
  return files.flatMap(({ target, remote, contentHash }) => {
    const packed = manifests.findPacked(contentHash);
    return packed ? [{ target, remote, contentHash, packed, manifest: decodeManifest(packed) }] : [];
  });
}

/** Bytes of several files, and the memory that some of them are in: to be given back after them. */
interface SmallContents {
  readonly contents: (Uint8Array | Lack)[];
  readonly memory: Uint8Array<SharedArrayBuffer> | undefined;
}

/** The bytes of small files: pushed along with the change, found in another file of the folder, or asked for in one bundle. */
async function smallContents(context: FetchContext, files: readonly Incoming[]): Promise<SmallContents> {
  const contents = new Map<VersionHash, Uint8Array>();
  for (const { contentHash } of files) {
    const pushed = context.carry.find(contentHash);
    if (pushed) contents.set(contentHash, pushed);
  }
  await readFromOtherFiles(context, files, contents);
  const wanted = new Map<string, ManifestChunk>();
  for (const { contentHash, manifest } of files)
    if (!contents.has(contentHash)) for (const chunk of manifest) wanted.set(chunk.hash, chunk);
  const chunks = [...wanted.values()];
  const bytes = new Map<string, Uint8Array | Lack>();
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  const memory = context.bundleMemory.lend(sizeBytes);
  if (chunks.length > 0) {
    const pieces = await downloadIntact(context.server, chunks, memory);
    for (const [index, chunk] of chunks.entries()) {
      const piece = pieces[index];
      if (piece) bytes.set(chunk.hash, piece);
    }
    context.meter.received(sizeBytes);
  }
  const wholes = files.map(({ contentHash, manifest }) => {
    const whole = contents.get(contentHash);
    if (whole) return whole;
    const pieces = manifest.map((chunk) => bytes.get(chunk.hash) ?? "damaged");
    const lacks = pieces.filter((piece) => typeof piece === "string");
    if (lacks.length > 0) return lacks.includes("quarantined") ? "quarantined" : "damaged";
    return join(pieces.filter((piece) => typeof piece !== "string"));
  });
  return { contents: wholes, memory };
}

/** The pieces as one; without a copy where they lie side by side, as those of one answer mostly do. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first === undefined) return new Uint8Array();
  let end = first.byteOffset;
  const isOne = pieces.every((piece) => {
    const follows = piece.buffer === first.buffer && piece.byteOffset === end;
    end += piece.length;
    return follows;
  });
  return isOne ? new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset) : Buffer.concat(pieces);
}

/** Says that the server's copy can't be had now. */
function tellLack({ state, onProblem }: FetchContext, { target }: Incoming, lack: Lack): void {
  const path = findSpot(state, target)?.path ?? target.place.name;
  onProblem(target.id, path, lackError(path, lack));
}

function lackError(path: string, lack: Lack): DiskError {
  return new DiskError(lack === "damaged" ? "corrupt" : "quarantined", path, lackSentences[lack]);
}

const lackSentences: Readonly<Record<Lack, string>> = {
  damaged:
    "The server's copy of this file is damaged, and other devices are asked for theirs. If it stays so, `satchel admin check` on the server tells more.",
  quarantined:
    "The server found malware in this version of the file, and gives it to nobody. `satchel restore` brings an earlier version back; whoever runs the server can let this one out.",
};

async function readFromOtherFiles(
  { state, disk }: FetchContext,
  files: readonly Incoming[],
  contents: Map<VersionHash, Uint8Array>,
): Promise<void> {
  const sources = new Map<VersionHash, string>();
  for (const { contentHash, remote } of files) {
    const source = contents.has(contentHash) || remote.sizeBytes === 0 ? undefined : findLocalPath(state, contentHash);
    if (source !== undefined) sources.set(contentHash, source);
  }
  if (sources.size === 0) return;
  const read = await disk.reader.readSmall([...sources.values()]);
  for (const [index, contentHash] of [...sources.keys()].entries()) {
    const outcome = read[index];
    if (outcome && !(outcome instanceof DiskError) && outcome.versionHash === contentHash && outcome.bytes)
      contents.set(contentHash, outcome.bytes);
  }
}

function findLocalPath(state: StateStore, contentHash: VersionHash): string | undefined {
  for (const record of state.findLocalByContent(contentHash)) {
    const path = state.localPath(record.id);
    if (path !== undefined) return path;
  }
  return undefined;
}

async function assemble(
  context: FetchContext,
  file: Incoming,
  signal: AbortSignal,
): Promise<TemporaryFile | DiskError> {
  const { disk, server, meter } = context;
  try {
    return await disk.writer.assemble({
      pieces: piecesOf(context, file.manifest),
      modifiedMs: file.remote.modifiedMs,
      executable: file.remote.executable,
      resumeKey: file.contentHash,
      signal,
      fetch: async (pieces, into) => {
        const bytes = await server.downloadChunks(pieces, into).catch((error: unknown) => {
          throw lackOf(error) === "quarantined" ? lackError(file.target.place.name, "quarantined") : error;
        });
        meter.received(pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0));
        return bytes;
      },
    });
  } catch (error) {
    if (error instanceof DiskError) return error;
    throw error;
  }
}

/** For each chunk the file of this folder that has it, if there is one; the same file for neighbours where possible. */
function piecesOf({ state, manifests }: FetchContext, manifest: readonly ManifestChunk[]): Piece[] {
  const paths = new Map<VersionHash, string | undefined>();
  const pathOf = (contentHash: VersionHash): string | undefined => {
    if (!paths.has(contentHash)) paths.set(contentHash, findLocalPath(state, contentHash));
    return paths.get(contentHash);
  };
  return manifest.map((chunk): Piece => {
    for (const { contentHash, offset } of manifests.placesOf(chunk.hash)) {
      const path = pathOf(contentHash);
      if (path !== undefined) return { ...chunk, source: { from: "file", path, offset } };
    }
    return { ...chunk, source: { from: "server" } };
  });
}

async function placeLink(context: FetchContext, target: FetchTarget): Promise<void> {
  const { state, disk } = context;
  const remote = state.remote.find(target.id);
  const spot = remote && findSpot(state, target);
  const linkTarget = remote?.linkTarget ?? null;
  if (!remote || !spot || linkTarget === null) return;
  try {
    const place = (): Promise<DiskStat> => disk.placeLink(linkTarget, spot.path, spot.expected);
    const { stat } = await placeOrTakeOver(context, { path: spot.path, remote }, place);
    state.transaction(() => {
      if (isSeenAnew(findHere(state, target.id), spot.expected, stat)) context.lookAgain(spot.path);
      const { parentId, name } = target.place;
      writeDown(context, target, remote, recordOf(undefined, { id: target.id, parentId, name }, stat));
    });
  } catch (error) {
    await fail(context, target.id, spot.path, error);
  }
}

/** Puts a finished temporary file in its place, unless the world has moved on. */
async function finish(
  context: FetchContext,
  { target, remote, contentHash }: Incoming,
  temporary: TemporaryFile | DiskError,
): Promise<void> {
  const { state, disk, hints } = context;
  const spot = findSpot(state, target);
  if (temporary instanceof DiskError) return fail(context, target.id, spot?.path ?? target.place.name, temporary);
  if (!spot || state.remote.find(target.id)?.contentHash !== contentHash) return discard(disk, temporary);
  hints.placing(spot.path);
  try {
    const place = (): Promise<DiskStat> => disk.place(temporary, spot.path, spot.expected);
    const { stat, isThere } = await placeOrTakeOver(context, { path: spot.path, remote, temporary }, place);
    if (isThere) await discard(disk, temporary);
    state.transaction(() => {
      if (isSeenAnew(findHere(state, target.id), spot.expected, stat)) context.lookAgain(spot.path);
      const seen = recordOf(
        undefined,
        { id: target.id, parentId: target.place.parentId, name: target.place.name },
        stat,
      );
      // What was put in place is known to the byte, unless somebody has already written to it since.
      const { inode, modifiedNs } = temporary.stat;
      const untouched = isThere || isSameAfterMove({ ...seen, inode, modifiedNs, sizeBytes: remote.sizeBytes }, stat);
      writeDown(context, target, remote, untouched ? { ...seen, content: "known", contentHash } : seen);
    });
    // Nobody is in step before its rules are in force. [EN9]
    if (target.place.name === ignoreFileName) context.lookAgain(spot.path);
  } catch (error) {
    await discard(disk, temporary);
    await fail(context, target.id, spot.path, error);
  } finally {
    hints.placed(spot.path);
  }
}

/** What a disk fails to discard, the next start does. */
async function discard(disk: Disk, temporary: TemporaryFile): Promise<void> {
  try {
    await disk.discard(temporary);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/** Where the content goes, and what is expected to be there: the entry's own file as both sides know it, or nothing. Undefined when that is no longer so. */
function findSpot(
  state: StateStore,
  { id, place }: FetchTarget,
): { path: string; expected: string | null } | undefined {
  const folder = state.localPath(place.parentId);
  const local = findHere(state, id);
  if (folder === undefined || state.local.find(place.parentId)?.type !== "folder") return undefined;
  const path = joinPath(folder, place.name);
  if (!local) return state.local.findChild(place.parentId, place.name) ? undefined : { path, expected: null };
  const base = state.synced.find(id);
  const isPlanned =
    local.parentId === place.parentId &&
    local.name === place.name &&
    local.content === "known" &&
    base?.contentHash === local.contentHash;
  return isPlanned && local.fingerprint !== null ? { path, expected: local.fingerprint } : undefined;
}

/** The entry as the disk has it. What was in a folder that is gone is in the books until something is done about it, and on the disk no more; who has lost its place may yet turn up. [EN131] */
function findHere(state: StateStore, id: EntryId): LocalRecord | undefined {
  const local = state.local.find(id);
  return local && (local.parentId === nowhere || state.localPath(id) !== undefined) ? local : undefined;
}

function writeDown(context: FetchContext, target: FetchTarget, remote: RemoteRecord, record: LocalRecord): void {
  const { state, manifests, offers, meter, carry } = context;
  dropDouble(context, record);
  offers.forgetContent(target.id);
  state.local.put({ ...record, conflictOf: remote.conflictOf });
  agree(state, target.id, remote, state.synced.find(target.id) ? "content" : "all");
  settle(state, target.id);
  if (remote.contentHash === null || remote.type !== "file") return;
  manifests.becameLocal(remote.contentHash);
  carry.drop(remote.contentHash);
  meter.receivedFiles += 1;
}

/** Between the placing of a file and this moment a scan may have come upon it, and taken it for a new one. [EN21] */
function dropDouble({ state, lookAgain }: FetchContext, { id, parentId, name, fingerprint }: LocalRecord): void {
  const double = parentId === null ? undefined : state.local.findChild(parentId, name);
  if (!double || double.id === id) return;
  state.local.remove(double.id);
  // It was not the placed one but what somebody put in its stead, or the placed one as somebody wrote to it since.
  const path = parentId === null ? undefined : state.localPath(parentId);
  if (double.fingerprint !== fingerprint && path !== undefined) lookAgain(joinPath(path, name));
}

async function fail(context: FetchContext, id: EntryId, path: string, error: unknown): Promise<void> {
  if (!(error instanceof DiskError)) throw error;
  if (error.code === "changed" || error.code === "exists" || error.code === "gone") {
    context.lookAgain(path);
    const isIgnoredThere = error.code === "exists" && (await isLeftBehind(context, path));
    context.onObstacle(id, path, error, isIgnoredThere);
  } else context.onProblem(id, path, error);
}
