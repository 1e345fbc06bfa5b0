import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import {
  createDirectChunks,
  createSizedChunks,
  foregroundRetry,
  retry,
  systemTiming,
  type ApiClient,
} from "@satchel/api-client";
import { decodeManifest, encodeManifest, type ManifestChunk } from "@satchel/chunking";
import type { WorkspaceId } from "@satchel/protocol";
import type { NamedChunk, Server } from "../ports/server.ts";

/** About what an operation takes in a request, with its content's chunk list. */
const operationBytes = 400;

/**
 * The server as the engine sees it, over HTTP. The client given should not retry by itself: the engine keeps its own schedule. Only the transfers of large files are
 * repeated here, so that one lost packet does not make the engine begin a file anew.
 */
export function createApiServer(api: ApiClient, workspaceId: WorkspaceId): Server {
  const patiently = <T>(work: () => Promise<T>): Promise<T> =>
    retry(work, { policy: foregroundRetry, timing: systemTiming });
  const { rates } = api;
  const way = { workspaceId, calls: api, pack, timing: systemTiming };
  const digest = (bytes: Uint8Array): string => hash("sha256", bytes);
  const direct = createDirectChunks({ ...way, serverUrl: api.serverUrl, digest });
  const sized = createSizedChunks({ ...way, policy: foregroundRetry, rates, direct });
  return {
    workspaceId,
    async commit({ seen, operations, carried, idempotencyKey }) {
      const carriedBytes = carried.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      // What is too much for one request goes ahead of it: the server then has it when the commit names it.
      const isAhead = carriedBytes > sized.uploadBytes;
      if (isAhead) await sized.upload(carried);
      const travelling = isAhead ? [] : carried;
      const bytes = (isAhead ? 0 : carriedBytes) + operations.length * operationBytes;
      return sized.measured(bytes, () =>
        api.commit(
          {
            workspace_id: workspaceId,
            seen,
            operations: [...operations],
            ...(travelling.length > 0 && { carried: pack(travelling) }),
          },
          { carried: travelling.map((chunk) => chunk.bytes), idempotencyKey },
        ),
      );
    },
    maxCommitOperations: () => Math.max(1, Math.floor(sized.uploadBytes / operationBytes)),
    changes: ({ cursor }) => api.changes({ workspaceId, cursor }),
    async manifests(versions) {
      const manifests = await api.manifests({
        workspaceId,
        versions: versions.map(({ id, versionId }) => ({ id, version_id: versionId })),
      });
      return manifests.map((packed) => (packed === null ? undefined : Buffer.from(packed, "base64")));
    },
    async versions(id) {
      const { versions } = await api.versions({ fileId: id });
      return versions.map(({ version, version_hash }) => ({ versionId: version, contentHash: version_hash }));
    },
    async missingChunks(chunks) {
      const { missing } = await patiently(() => api.missingChunks({ workspaceId, chunks: pack(chunks) }));
      return missing;
    },
    uploadChunks: (chunks) => sized.upload(chunks),
    downloadChunks: (chunks, into) => sized.download(chunks, into),
    subscribe: (listener) => {
      const subscription = api.subscribe({
        workspaceId,
        cursor: () => listener.cursor(),
        onPush: (push) => listener.onPush(push),
        onWanted: ({ chunks }) => listener.onWanted?.(decodeManifest(Buffer.from(chunks, "base64"))),
        onState: (state) => listener.onState(state !== "disconnected"),
        onEnd: (error) => listener.onEnd(error),
      });
      return { close: () => subscription.close() };
    },
  };
}

function pack(chunks: readonly NamedChunk[]): string {
  return Buffer.from(
    encodeManifest(chunks.map(({ hash, sizeBytes }): ManifestChunk => ({ hash, sizeBytes }))),
  ).toString("base64");
}
