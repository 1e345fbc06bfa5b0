import {
  decodeManifest,
  encodeManifest,
  estimateLevel,
  manifestSizeBytes,
  versionHash,
  type ManifestChunk,
} from "@satchel/chunking";
import {
  formatTimestamp,
  idPartBytes,
  makeEntryId,
  ProblemError,
  workspaceOfEntry,
  type CommitOperation,
  type CommittedContent,
  type EntryId,
  type VersionId,
} from "@satchel/protocol";
import type { FoundEntry } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { sha256, storeStream } from "../chunks/store-stream.ts";
import { commitAs, refusalOf } from "./dav-commit.ts";
import { DavError } from "./dav-error.ts";
import type { DavParts } from "./dav-parts.ts";
import type { DavPlace } from "./dav-place.ts";

/** How often a file is looked at again whose name or version was taken by somebody else meanwhile. */
const maxOvertaken = 5;

export interface PutContent {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** As the request announces it; undefined when it doesn't. */
  readonly sizeBytes: number | undefined;
  readonly modified: string | undefined;
  /** The request said which state it means to replace: nobody may have come between. */
  readonly isConditional: boolean;
  /** Asked when all of it is there, which may be hours later: throws when it may not be written any more. */
  readonly requireStill: () => Promise<void>;
  /** A program says that it is a conflicted copy; means nothing for a file that is there. */
  readonly conflict?: ConflictMark | undefined;
}

export interface ConflictMark {
  readonly of: EntryId;
  readonly base: VersionId | undefined;
}

export interface PutOutcome {
  readonly id: EntryId;
  readonly versionId: VersionId;
  readonly isNew: boolean;
}

/**
 * Stores the content as it comes, and then makes it the file's next version, or a new file: until then nobody sees anything of it. @throws quota_exceeded, login_revoked, bad_request when it didn't come whole; 405 for a folder, 409 without one to be in, 412 when somebody came between
 */
export async function putFile(
  parts: DavParts,
  caller: Caller,
  { place, content }: { readonly place: DavPlace; readonly content: PutContent },
): Promise<PutOutcome> {
  if (place.contents !== undefined) throw new DavError(405, "this is a folder");
  const holder = requireParent(place);
  const committed = await storeContent(parts, { holder, content, previous: place.found });
  // That may have taken hours, and the login may have been revoked meanwhile.
  await parts.authenticator.principalOn(caller.deviceId);
  await content.requireStill();
  const { isConditional, conflict } = content;
  return commitFile(parts, caller, { holder, place, content: committed, isConditional, conflict });
}

/** @throws 409 */
export function requireParent({ parent }: DavPlace): EntryId {
  if (parent === undefined) throw new DavError(409, "there is no folder for it");
  return parent;
}

async function storeContent(
  { transfer, host }: DavParts,
  {
    holder,
    content,
    previous,
  }: { readonly holder: EntryId; readonly content: PutContent; readonly previous: FoundEntry | undefined },
): Promise<CommittedContent> {
  const { pieces, sizeBytes } = content;
  const before = previous && decodeManifest(previous.packedChunks);
  const previousLevel =
    before && before.length > 0
      ? estimateLevel({ sizeBytes: manifestSizeBytes(before), chunkCount: before.length })
      : undefined;
  const expectedBytes = sizeBytes ?? previous?.entry.size ?? 0;
  const stored = await storeStream(transfer, workspaceOfEntry(holder), {
    pieces,
    sizeBytes: expectedBytes,
    previousLevel,
  });
  if (sizeBytes !== undefined && manifestSizeBytes(stored) !== sizeBytes)
    throw new ProblemError("bad_request", "the content did not come whole");
  const modified = content.modified ?? formatTimestamp(host.nowMs());
  return contentOf(stored, { modified, executable: previous?.entry.executable ?? false });
}

/** A commit's words for these chunks, which the workspace holds. */
export function contentOf(
  manifest: readonly ManifestChunk[],
  { modified, executable }: Pick<CommittedContent, "modified" | "executable">,
): CommittedContent {
  return {
    version_hash: versionHash(manifest, sha256),
    size: manifestSizeBytes(manifest),
    chunks: Buffer.from(encodeManifest(manifest)).toString("base64"),
    modified,
    executable,
  };
}

/** Makes the content the file's next version, or a new file. @throws 405, 409, 412, quota_exceeded */
export async function commitFile(
  parts: DavParts,
  caller: Caller,
  {
    holder,
    place,
    content,
    isConditional,
    conflict,
  }: {
    readonly holder: EntryId;
    readonly place: DavPlace;
    readonly content: CommittedContent;
    readonly isConditional: boolean;
    readonly conflict: ConflictMark | undefined;
  },
): Promise<PutOutcome> {
  const workspaceId = workspaceOfEntry(holder);
  let { found } = place;
  for (let overtaken = 0; ; overtaken += 1) {
    const operation = writeOperation(parts, { holder, name: place.names.at(-1) ?? "", found, content, conflict });
    const [result] = await commitAs(parts, caller, { workspaceId, operations: [operation] });
    if (!result) throw new Error("a commit of one operation has no result");
    if (result.status === "done" && result.version_id)
      return { id: operation.id, versionId: result.version_id, isNew: operation.op === "create_file" };
    if (result.status === "done") throw new Error("a file was committed without a version");
    const isOvertaken = /^(version_conflict|name_taken|not_found)$/.test(result.code);
    if (isOvertaken && isConditional) throw new DavError(412, "somebody else changed it meanwhile");
    if (!isOvertaken || overtaken >= maxOvertaken) throw refusalOf(result);
    found = await lookAgain(parts, holder, place);
  }
}

function writeOperation(
  { host }: DavParts,
  {
    holder,
    name,
    found,
    content,
    conflict,
  }: {
    readonly holder: EntryId;
    readonly name: string;
    readonly found: FoundEntry | undefined;
    readonly content: CommittedContent;
    readonly conflict: ConflictMark | undefined;
  },
): Extract<CommitOperation, { op: "create_file" | "edit_file" }> {
  if (found?.entry.version_id)
    return { op: "edit_file", id: found.entry.id, base_version_id: found.entry.version_id, content };
  const id = makeEntryId(workspaceOfEntry(holder), host.randomBytes(idPartBytes));
  // Of one in another workspace nothing can be said.
  const isHere = conflict !== undefined && workspaceOfEntry(conflict.of) === workspaceOfEntry(holder);
  const mark = isHere ? { conflict_of: conflict.of, ...(conflict.base && { conflict_base: conflict.base }) } : {};
  return { op: "create_file", id, parent_id: holder, name, content, ...mark };
}

/** What stands there by now. @throws 405 when it is a folder, 409 when the folder is gone */
async function lookAgain(
  { metadata: { tree } }: DavParts,
  holder: EntryId,
  { names, lockPlaces }: DavPlace,
): Promise<FoundEntry | undefined> {
  if (!(await tree.findEntry(holder))) throw new DavError(409, "the folder is gone");
  const innermost = lockPlaces.at(-1);
  const path = innermost?.path.split("/").slice(1) ?? [...names];
  const id = await tree.resolvePath(workspaceOfEntry(holder), path);
  const found = id && (await tree.findEntry(id));
  if (found && found.entry.type !== "file") throw new DavError(405, "something else has this name by now");
  return found;
}
