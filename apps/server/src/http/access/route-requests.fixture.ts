import type { WorkspaceId } from "@satchel/protocol";
import type { TestDevice } from "../test-server.fixture.ts";
import { contentOf, pack, versionHashOf } from "../test-server.fixture.ts";

/** What requests name: things of one workspace, which may be there or not. */
export interface Named {
  readonly workspaceId: WorkspaceId;
  readonly folderId: string;
  readonly fileId: string;
  readonly versionId: string;
  readonly cursor: string;
  /** A name that is not in use yet. */
  readonly freeName: string;
  /** An id of the workspace that is not in use yet. */
  readonly freeId: string;
  /** The file's only chunk. */
  readonly piece: Uint8Array;
}

export interface RouteRequest {
  readonly path: string;
  readonly json?: unknown;
  readonly frame?: { readonly head: unknown; readonly pieces: readonly Uint8Array[] };
}

/** For each route with a right in a workspace, a request that is good if the caller may make it. A new route needs a line here. */
export const routeRequests: Readonly<Record<string, (named: Named) => RouteRequest>> = {
  "GET /v1/comments": ({ fileId }) => ({ path: `/v1/comments?file_id=${fileId}` }),
  "POST /v1/comments": ({ fileId, freeId }) => ({
    path: "/v1/comments",
    json: { file_id: fileId, id: freeId.slice(17), text: "good" },
  }),
  "POST /v1/links": ({ fileId }) => ({ path: "/v1/links", json: { entry_id: fileId } }),
  "GET /v1/files/metadata": ({ fileId }) => ({ path: `/v1/files/metadata?file_id=${fileId}` }),
  "GET /v1/files/versions": ({ fileId }) => ({ path: `/v1/files/versions?file_id=${fileId}` }),
  "POST /v1/files/content_url": ({ fileId }) => ({ path: "/v1/files/content_url", json: { file_id: fileId } }),
  "POST /v1/files/archive_url": ({ fileId }) => ({
    path: "/v1/files/archive_url",
    json: { file_ids: [fileId], name: "files.zip" },
  }),
  "GET /v1/files/content": ({ fileId }) => ({ path: `/v1/files/content?file_id=${fileId}` }),
  "GET /v1/files/thumbnail": ({ fileId }) => ({ path: `/v1/files/thumbnail?file_id=${fileId}&size=256` }),
  "GET /v1/files/activity": ({ fileId }) => ({ path: `/v1/files/activity?file_id=${fileId}` }),
  "POST /v1/devices/report": ({ folderId, freeName }) => ({
    path: "/v1/devices/report",
    json: {
      state: "syncing",
      uploads: 1,
      downloads: 0,
      bytes: 1,
      arriving: [{ folder_id: folderId, name: freeName }],
    },
  }),
  "GET /v1/presence": ({ workspaceId }) => ({ path: `/v1/presence?workspace_id=${workspaceId}` }),
  "POST /v1/presence": ({ fileId }) => ({
    path: "/v1/presence",
    json: { client: "window", open: [{ file_id: fileId, doing: "viewing" }] },
  }),
  "GET /v1/search": ({ folderId }) => ({ path: `/v1/search?q=file&folder_id=${folderId}` }),
  "POST /v1/files/restore_preview": ({ folderId }) => ({
    path: "/v1/files/restore_preview",
    json: { file_id: folderId, at: "2026-01-01T00:00:00.000Z" },
  }),
  "POST /v1/files/restore": ({ fileId, versionId }) => ({
    path: "/v1/files/restore",
    json: { file_id: fileId, version_id: versionId },
  }),
  "POST /v1/files/upload_request": ({ folderId, freeName }) => ({
    path: "/v1/files/upload_request",
    json: { parent_folder_id: folderId, file_name: freeName, file_size: 0, chunk_hashes: [] },
  }),
  "POST /v1/files/commit": ({ fileId, piece }) => ({
    path: "/v1/files/commit",
    json: { file_id: fileId, version_hash: versionHashOf([piece]), chunk_hashes: [contentHash(piece)] },
  }),
  "POST /v1/sync/commit": ({ workspaceId, folderId, freeId, freeName, cursor, piece }) => ({
    path: "/v1/sync/commit",
    frame: {
      head: {
        workspace_id: workspaceId,
        seen: cursor,
        operations: [
          { op: "create_file", id: freeId, parent_id: folderId, name: freeName, content: contentOf([piece]) },
        ],
        carried: pack([piece]),
      },
      pieces: [piece],
    },
  }),
  "GET /v1/sync/changes": ({ workspaceId }) => ({ path: `/v1/sync/changes?workspace_id=${workspaceId}` }),
  "GET /v1/sync/poll": ({ workspaceId }) => ({ path: `/v1/sync/poll?workspace_id=${workspaceId}&timeout=0` }),
  "POST /v1/sync/manifests": ({ workspaceId, fileId, versionId }) => ({
    path: "/v1/sync/manifests",
    json: { workspace_id: workspaceId, versions: [{ id: fileId, version_id: versionId }] },
  }),
  "POST /v1/chunks/missing": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/missing",
    json: { workspace_id: workspaceId, chunks: pack([piece]), urls: true },
  }),
  "POST /v1/chunks/upload": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/upload",
    frame: { head: { workspace_id: workspaceId, chunks: pack([piece]) }, pieces: [piece] },
  }),
  "POST /v1/chunks/upload_part": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/upload_part",
    frame: {
      head: { workspace_id: workspaceId, hash: contentHash(piece), size: piece.length, offset: 0 },
      pieces: [piece],
    },
  }),
  "POST /v1/chunks/download": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/download",
    json: { workspace_id: workspaceId, chunks: pack([piece]) },
  }),
  "POST /v1/chunks/download_part": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/download_part",
    json: { workspace_id: workspaceId, hash: contentHash(piece), size: piece.length, offset: 0, length: 1 },
  }),
  "POST /v1/chunks/download_urls": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/download_urls",
    json: { workspace_id: workspaceId, chunks: pack([piece]) },
  }),
  "POST /v1/chunks/direct_upload": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/direct_upload",
    json: { workspace_id: workspaceId, chunks: pack([piece]) },
  }),
  // Without an object store no receipt is looked at.
  "POST /v1/chunks/direct_stored": ({ workspaceId }) => ({
    path: "/v1/chunks/direct_stored",
    json: { workspace_id: workspaceId, receipts: ["invented"] },
  }),
  "POST /v1/chunks/direct_download": ({ workspaceId, piece }) => ({
    path: "/v1/chunks/direct_download",
    json: { workspace_id: workspaceId, chunks: pack([piece]) },
  }),
};

/** Routes with a right in a workspace that only ever mean the caller's own root folder, so that no other can be named. */
export const ownRootOnly: ReadonlySet<string> = new Set([
  "GET /v1/files/resolve",
  "GET /v1/files/trash",
  "GET /v1/files/conflicts",
  "GET /v1/usage",
  "GET /ocs/v1.php/cloud/capabilities",
  "GET /ocs/v1.php/cloud/user",
  "GET /ocs/v2.php/cloud/capabilities",
  "GET /ocs/v2.php/cloud/user",
]);

/** Routes that are no plain requests; each has a test of its own. */
export const testedElsewhere: ReadonlySet<string> = new Set([
  // In dav.test.ts and dav-locks.test.ts: they are about paths, whatever workspace those lead into.
  ...["GET", "HEAD", "PROPFIND", "PROPPATCH", "PUT", "MKCOL", "DELETE", "COPY", "MOVE", "LOCK", "UNLOCK"].flatMap(
    (method) =>
      ["/dav", "/remote.php/webdav", "/remote.php/dav/files/:user"].flatMap((root) => [
        `${method} ${root}`,
        `${method} ${root}/*`,
      ]),
  ),
  // In remote-php.test.ts.
  ...["MKCOL", "PROPFIND", "DELETE"].flatMap((method) =>
    ["", "/"].map((end) => `${method} /remote.php/dav/uploads/:user/:upload${end}`),
  ),
  ...["PUT", "MOVE"].map((method) => `${method} /remote.php/dav/uploads/:user/:upload/:part`),
  // In tus.test.ts: they are about paths, too.
  "POST /v1/uploads",
  ...["HEAD", "PATCH", "DELETE", "POST"].map((method) => `${method} /v1/uploads/:upload_id`),
  "GET /v1/sync/notifications",
  "GET /v1/live",
  // In transfer.test.ts: it is about two workspaces.
  "POST /v1/files/transfer",
  // In comments.test.ts: what a role may depends on whose comment it is.
  "POST /v1/comments/resolve",
  "POST /v1/comments/delete",
  // In share-matrix.test.ts: they are about a shared folder.
  "POST /v1/shares",
  "GET /v1/shares/:workspace_id/members",
  "POST /v1/shares/:workspace_id/invitations",
  "DELETE /v1/shares/:workspace_id/invitations",
  "POST /v1/shares/:workspace_id/members/:account_id",
  "DELETE /v1/shares/:workspace_id/members/:account_id",
]);

export function send(device: TestDevice, method: string, request: RouteRequest, headers: Record<string, string> = {}) {
  if (request.frame) return device.postFrame(request.path, request.frame.head, request.frame.pieces, headers);
  return method === "GET" ? device.get(request.path, headers) : device.post(request.path, request.json, headers);
}

function contentHash(piece: Uint8Array): string {
  return Buffer.from(pack([piece]), "base64")
    .subarray(0, 32)
    .toString("hex");
}
