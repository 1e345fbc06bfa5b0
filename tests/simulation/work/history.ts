import { decodeManifest } from "@satchel/chunking";
import type { Server } from "@satchel/engine";
import type { CommitResponse, EntryId, VersionHash, VersionId, WorkspaceId } from "@satchel/protocol";
import type { SimServer } from "../world/sim-server.ts";
import { keyOfBytes, keyOfLink, type ContentKey } from "./contents.ts";

/** Every version that the server ever said it took, whether or not anybody heard it. */
export class History {
  readonly #versions = new Map<string, { id: EntryId; versionId: VersionId }>();
  readonly #links = new Set<ContentKey>();
  readonly #contents = new Map<VersionHash, Uint8Array>();

  add(request: Parameters<Server["commit"]>[0], response: CommitResponse): void {
    for (const [index, operation] of request.operations.entries()) {
      const result = response.results[index];
      if (result?.status !== "done") continue;
      if ("link_target" in operation) this.#links.add(keyOfLink(operation.link_target));
      if (!("content" in operation) || result.version_id === null || result.version_id === undefined) continue;
      this.#versions.set(result.version_id, { id: operation.id, versionId: result.version_id });
    }
  }

  /** Each of a file. */
  versions(): { id: EntryId; versionId: VersionId }[] {
    return [...this.#versions.values()];
  }

  /** The name of one version's content. */
  async key(server: SimServer, versionHash: VersionHash, packedChunks: Uint8Array): Promise<ContentKey> {
    return keyOfBytes(await this.content(server, versionHash, packedChunks));
  }

  /** The contents of all of them, as the server gives them now. Where `mayBePruned`, some may be past their time. @throws when it has lost one */
  async contents(
    server: SimServer,
    { workspaceId, mayBePruned }: { workspaceId: WorkspaceId; mayBePruned: boolean },
  ): Promise<Set<ContentKey>> {
    const versions = [...this.#versions.values()];
    const packed = await server.metadata.tree.manifests(workspaceId, versions);
    const keys = new Set(this.#links);
    for (const [index, version] of versions.entries()) {
      const manifest = packed[index];
      if (manifest === undefined && mayBePruned) continue;
      if (manifest === undefined) throw new Error(`version ${version.versionId} of ${version.id} is gone`);
      keys.add(keyOfBytes(await this.#read(server, manifest)));
    }
    return keys;
  }

  /** The bytes of one version. @throws when a chunk is missing */
  async content(server: SimServer, versionHash: VersionHash, packedChunks: Uint8Array): Promise<Uint8Array> {
    const known = this.#contents.get(versionHash);
    const bytes = known ?? (await this.#read(server, packedChunks));
    this.#contents.set(versionHash, bytes);
    return bytes;
  }

  async #read(server: SimServer, packedChunks: Uint8Array): Promise<Uint8Array> {
    const chunks = decodeManifest(packedChunks);
    const pieces = await server.chunks.get(chunks.map(({ hash }) => hash));
    return Buffer.concat(
      pieces.map((piece, index) => {
        if (piece === undefined) throw new Error(`chunk ${chunks[index]?.hash ?? ""} is not in the chunk store`);
        return piece;
      }),
    );
  }
}
