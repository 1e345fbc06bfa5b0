import type { EntryId, VersionId } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { withQuery } from "./json-call.ts";

/** The longer side of a small picture, in pixels. */
export type PictureSize = 256 | 1024;

export interface PictureWish {
  readonly fileId: EntryId;
  /** Default: the latest. */
  readonly versionId?: VersionId | undefined;
  readonly size: PictureSize;
}

/** Small pictures of files; for {@link ApiClient.extend}. */
export interface PictureCalls {
  /** As WebP; undefined where the server can make none of the file. @throws ProblemError not_found */
  smallPicture(wish: PictureWish, options?: CallOptions): Promise<Uint8Array | undefined>;
}

export function createPictureCalls(caller: Caller): PictureCalls {
  return {
    async smallPicture({ fileId, versionId, size }, options) {
      const path = withQuery("/v1/files/thumbnail", { file_id: fileId, version_id: versionId, size });
      const picture = await caller({ method: "GET", path }, options);
      return picture.length === 0 ? undefined : picture;
    },
  };
}
