import {
  archiveUrlResponseSchema,
  conflictsResponseSchema,
  contentUrlResponseSchema,
  fileCommitResponseSchema,
  metadataResponseSchema,
  resolveResponseSchema,
  restoreResponseSchema,
  transferResponseSchema,
  trashResponseSchema,
  uploadResponseSchema,
  versionsResponseSchema,
} from "@satchel/protocol";
import type {
  EntryId,
  Metadata,
  VersionId,
  WorkspaceId,
  fileCommitRequestSchema,
  restoreRequestSchema,
  transferRequestSchema,
  uploadRequestSchema,
} from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

export type UploadRequest = Parsed<typeof uploadRequestSchema>;
export type UploadResponse = Parsed<typeof uploadResponseSchema>;
export type FileCommitRequest = Parsed<typeof fileCommitRequestSchema>;
export type FileCommitResponse = Parsed<typeof fileCommitResponseSchema>;
export type ArchiveUrl = Parsed<typeof archiveUrlResponseSchema>;
export type Resolved = Parsed<typeof resolveResponseSchema>;
export type VersionsPage = Parsed<typeof versionsResponseSchema>;
export type RestoreRequest = Parsed<typeof restoreRequestSchema>;
export type RestoreResponse = Parsed<typeof restoreResponseSchema>;
export type TransferRequest = Parsed<typeof transferRequestSchema>;
export type TransferResponse = Parsed<typeof transferResponseSchema>;
export type TrashPage = Parsed<typeof trashResponseSchema>;
export type ConflictsPage = Parsed<typeof conflictsResponseSchema>;

/** A page of a list starts at the cursor that the page before ended with; null or absent is the first. */
type PageOptions = { cursor?: string | null | undefined };

export interface FileCalls {
  uploadRequest(request: UploadRequest, options?: CallOptions): Promise<UploadResponse>;
  commitFile(request: FileCommitRequest, options?: CallOptions): Promise<FileCommitResponse>;
  /** Of one file, or of a folder with a page of its entries. */
  metadata(
    of: { fileId: EntryId } | ({ folderId: EntryId | "root" } & PageOptions),
    options?: CallOptions,
  ): Promise<Metadata>;
  /** Which entry has this path, such as `/docs/a.txt`? @throws ProblemError not_found */
  resolve(path: string, options?: CallOptions): Promise<Resolved>;
  /** Where a program without a token, such as a browser's downloads, gets the bytes: good for some minutes. `inline`: to be shown by a page. */
  contentUrl(
    of: { fileId: EntryId; versionId?: VersionId | undefined; disposition?: "attachment" | "inline" },
    options?: CallOptions,
  ): Promise<string>;
  /** Where a form gets these entries as one zip file, see the message. @throws ProblemError limit_exceeded when they are too many */
  archiveUrl(of: { fileIds: readonly EntryId[]; name: string }, options?: CallOptions): Promise<ArchiveUrl>;
  /** Newest first. */
  versions(of: { fileId: EntryId } & PageOptions, options?: CallOptions): Promise<VersionsPage>;
  restore(request: RestoreRequest, options?: CallOptions): Promise<RestoreResponse>;
  /** Takes an entry with its versions into a folder of another workspace; where it was it is in the trash. */
  transfer(request: TransferRequest, options?: CallOptions): Promise<TransferResponse>;
  /** Of a shared folder, or, left out, of the account's own. */
  trash(of?: { workspaceId?: WorkspaceId | undefined } & PageOptions, options?: CallOptions): Promise<TrashPage>;
  conflicts(page?: PageOptions, options?: CallOptions): Promise<ConflictsPage>;
}

/** The server gives paths, since it may not know what a proxy in front of it puts before them: `serverUrl` makes addresses of them. */
export function createFileCalls(caller: Caller, makeKey: () => string, serverUrl: string): FileCalls {
  const change = (path: string, message: unknown) =>
    ({ method: "POST", path, ...jsonBody(message), idempotencyKey: makeKey() }) as const;
  const get = (path: string, query: Record<string, string | undefined>) =>
    ({ method: "GET", path: withQuery(path, query) }) as const;
  const absolute = (path: string): string => serverUrl.replace(/\/$/, "") + path;
  return {
    uploadRequest: (request, options) =>
      callForJson(caller, change("/v1/files/upload_request", request), uploadResponseSchema, options),
    commitFile: (request, options) =>
      callForJson(caller, change("/v1/files/commit", request), fileCommitResponseSchema, options),
    metadata(of, options) {
      const query =
        "fileId" in of ? { file_id: of.fileId } : { folder_id: of.folderId, cursor: of.cursor ?? undefined };
      return callForJson(caller, get("/v1/files/metadata", query), metadataResponseSchema, options);
    },
    resolve: (path, options) => callForJson(caller, get("/v1/files/resolve", { path }), resolveResponseSchema, options),
    async contentUrl({ fileId, versionId, disposition }, options) {
      const question = { file_id: fileId, ...(versionId && { version_id: versionId }), disposition };
      const call = { method: "POST", path: "/v1/files/content_url", ...jsonBody(question) } as const;
      const { url } = await callForJson(caller, call, contentUrlResponseSchema, options);
      return absolute(url);
    },
    async archiveUrl({ fileIds, name }, options) {
      const call = { method: "POST", path: "/v1/files/archive_url", ...jsonBody({ file_ids: fileIds, name }) } as const;
      const archive = await callForJson(caller, call, archiveUrlResponseSchema, options);
      return { ...archive, url: absolute(archive.url) };
    },
    versions: ({ fileId, cursor }, options) =>
      callForJson(
        caller,
        get("/v1/files/versions", { file_id: fileId, cursor: cursor ?? undefined }),
        versionsResponseSchema,
        options,
      ),
    transfer: (request, options) =>
      callForJson(caller, change("/v1/files/transfer", request), transferResponseSchema, options),
    restore: (request, options) =>
      callForJson(caller, change("/v1/files/restore", request), restoreResponseSchema, options),
    trash: (of, options) => {
      const question = { workspace_id: of?.workspaceId, cursor: of?.cursor ?? undefined };
      return callForJson(caller, get("/v1/files/trash", question), trashResponseSchema, options);
    },
    conflicts: (page, options) =>
      callForJson(
        caller,
        get("/v1/files/conflicts", { cursor: page?.cursor ?? undefined }),
        conflictsResponseSchema,
        options,
      ),
  };
}
