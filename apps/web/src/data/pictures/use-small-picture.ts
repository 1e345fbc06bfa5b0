import { useCallback, useSyncExternalStore } from "react";
import { createPictureCalls, systemTiming, type PictureSize } from "@satchel/api-client";
import type { EntryId, VersionId } from "@satchel/protocol";
import { callsHook } from "../calls-hook.ts";
import { loadPicture } from "./load-picture.ts";
import { createSmallPictures, type PictureAddress } from "./small-pictures.ts";

const useSmallPictures = callsHook((api) => {
  const { smallPicture } = api.extend(createPictureCalls);
  return createSmallPictures({
    load: (wish, signal) => loadPicture((options) => smallPicture(wish, options), signal, systemTiming),
    makeAddress: (picture) => URL.createObjectURL(new Blob([Uint8Array.from(picture)], { type: "image/webp" })),
    dropAddress: (address) => URL.revokeObjectURL(address),
  });
});

/** The address of a version's small picture, for as long as it is shown. */
export function useSmallPicture(fileId: EntryId, versionId: VersionId | null, size: PictureSize): PictureAddress {
  const pictures = useSmallPictures();
  const wanted = { fileId, versionId: versionId ?? undefined, size };
  const watch = useCallback(
    (onKnown: () => void) => pictures.want({ fileId, versionId: versionId ?? undefined, size }, onKnown),
    [pictures, fileId, versionId, size],
  );
  return useSyncExternalStore(watch, () => pictures.known(wanted));
}
