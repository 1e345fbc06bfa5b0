import { ProblemError, workspaceOfEntry, type EntryId, type VersionId, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { Content } from "../files/content.ts";
import type { Quarantine } from "../malware/quarantine.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import { listArchive, listFolderArchive, type ArchiveMember } from "./archive-members.ts";
import {
  digestOfEntries,
  readArchiveUrl,
  signArchiveUrl,
  type ArchiveUrlClaims,
  type ArchiveUrlQuery,
} from "./archive-url.ts";
import { zipStream, type ArchiveFile, type ZipStream } from "./zip-stream.ts";

export interface SignedArchive {
  readonly url: string;
  /** Files and folders. */
  readonly members: number;
  /** Of the files, together. */
  readonly contentBytes: number;
}

/** Files and folders as one zip file. */
export interface Archive {
  /** An address that gives the archive of these entries, good for some minutes. @throws not_found, forbidden, limit_exceeded */
  signUrl(caller: Caller, wanted: { entryIds: readonly EntryId[]; name: string }): Promise<SignedArchive>;
  /** @throws url_expired */
  readUrl(query: ArchiveUrlQuery): ArchiveUrlClaims;
  /** A folder, under a name of the caller's choice, without the shared folders in it. @throws not_found, forbidden, limit_exceeded */
  ofFolder(caller: Caller, folder: { readonly folderId: EntryId; readonly name: string }): Promise<ZipStream>;
  /** Begins to write it. @throws url_expired when other entries were signed; otherwise as {@link signUrl} */
  open(caller: Caller, claims: ArchiveUrlClaims, entryIds: readonly EntryId[]): Promise<ZipStream>;
}

interface ArchiveParts {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
  readonly content: Content;
  readonly quarantine: Pick<Quarantine, "requireFreeVersions">;
  readonly keys: Pick<ServerKeys, "archiveUrl">;
  readonly host: Host;
}

export function createArchive(parts: ArchiveParts): Archive {
  const { keys, host, content } = parts;
  return {
    async signUrl(caller, { entryIds, name }) {
      const [first] = entryIds;
      if (first === undefined) throw new ProblemError("bad_request", "an archive holds at least one entry");
      const members = await requireFree(parts, await listArchive(parts, caller, entryIds));
      const { deviceId } = caller;
      const claims = { workspaceId: workspaceOfEntry(first), deviceId, name, digest: digestOfEntries(entryIds) };
      const url = signArchiveUrl(keys.archiveUrl, claims, host.nowMs());
      return { url, members: members.length, contentBytes: bytesOf(members) };
    },
    readUrl: (query) => readArchiveUrl(keys.archiveUrl, query, host.nowMs()),
    async open(caller, { digest }, entryIds) {
      if (digestOfEntries(entryIds) !== digest) throw new ProblemError("url_expired");
      return zip(caller, await requireFree(parts, await listArchive(parts, caller, entryIds)));
    },
    ofFolder: async (caller, folder) =>
      zip(caller, await requireFree(parts, await listFolderArchive(parts, caller, folder))),
  };

  function zip(caller: Caller, members: readonly ArchiveMember[]): ZipStream {
    async function* read(file: ArchiveFile): AsyncGenerator<Uint8Array> {
      const { sizeBytes, ...opened } = await content.open(caller, file);
      yield* opened.read({ start: 0, end: sizeBytes });
    }
    return zipStream(members, { read, now: new Date(host.nowMs()) });
  }
}

/** An archive without a file that is held would look whole. @throws content_quarantined */
async function requireFree(
  { quarantine }: ArchiveParts,
  members: readonly ArchiveMember[],
): Promise<readonly ArchiveMember[]> {
  const versions = new Map<WorkspaceId, VersionId[]>();
  for (const member of members) {
    if (member.type !== "file") continue;
    const workspaceId = workspaceOfEntry(member.id);
    const some = versions.get(workspaceId) ?? [];
    versions.set(workspaceId, some);
    some.push(member.versionId);
  }
  for (const [workspaceId, versionIds] of versions) await quarantine.requireFreeVersions(workspaceId, versionIds);
  return members;
}

function bytesOf(members: readonly ArchiveMember[]): number {
  return members.reduce((sum, member) => sum + (member.type === "file" ? member.sizeBytes : 0), 0);
}
