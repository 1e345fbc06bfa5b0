import { Buffer } from "node:buffer";
import { foregroundRetry, retry, systemTiming, type ApiClient } from "@satchel/api-client";
import { encodeManifest, type ManifestChunk } from "@satchel/chunking";
import type { WorkspaceId } from "@satchel/protocol";
import type { NamedChunk, Server } from "../ports/server.ts";

/**
 * The server as the engine sees it, over HTTP. The client given should not retry by itself: the engine keeps its own schedule. Only the transfers of large files are
 * repeated here, so that one lost packet does not make the engine begin a file anew.
 */
export function createApiServer(api: ApiClient, workspaceId: WorkspaceId): Server {
  const patiently = <T>(work: () => Promise<T>): Promise<T> =>
    retry(work, { policy: foregroundRetry, timing: systemTiming });
  return {
    workspaceId,
    commit: ({ seen, operations, carried, idempotencyKey }) =>
      api.commit(
        {
          workspace_id: workspaceId,
          seen,
          operations: [...operations],
          ...(carried.length > 0 && { carried: pack(carried) }),
        },
        { carried: carried.map(({ bytes }) => bytes), idempotencyKey },
      ),
    changes: ({ cursor }) => api.changes({ workspaceId, cursor }),
    async manifests(versions) {
      const manifests = await api.manifests({
        workspaceId,
        versions: versions.map(({ id, versionId }) => ({ id, version_id: versionId })),
      });
      return manifests.map((packed) => (packed === null ? undefined : Buffer.from(packed, "base64")));
    },
    async missingChunks(chunks) {
      const { missing } = await patiently(() => api.missingChunks({ workspaceId, chunks: pack(chunks) }));
      return missing;
    },
    async uploadChunks(chunks) {
      await patiently(() =>
        api.uploadBundle({ workspaceId, chunks: pack(chunks), pieces: chunks.map(({ bytes }) => bytes) }),
      );
    },
    downloadChunks: (chunks) => patiently(() => api.downloadBundle({ workspaceId, chunks: pack(chunks) })),
    subscribe: (listener) => {
      const subscription = api.subscribe({
        workspaceId,
        cursor: () => listener.cursor(),
        onPush: (push) => listener.onPush(push),
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
