import type { EntryType } from "@satchel/protocol";
import { extensionOf } from "../files/entry.ts";

/** Of files with these endings the server makes small pictures, if it has the programs for them (`preview-source.ts` there). */
const endings = new Set(
  "jpg jpeg png gif webp avif tif tiff svg heic heif raw cr2 nef arw dng orf rw2 pdf mp4 m4v mov mkv webm avi wmv mpg mpeg 3gp ogv mts m2ts flv".split(
    " ",
  ),
);

/** Whether it is worth asking for a small picture. */
export function hasSmallPicture({ name, type }: { readonly name: string; readonly type: EntryType }): boolean {
  return type === "file" && endings.has(extensionOf(name));
}
