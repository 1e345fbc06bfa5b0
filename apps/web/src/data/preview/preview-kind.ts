import { extensionOf, type Entry } from "../files/entry.ts";

/** How a file is shown. `drawn`: by the picture that the server draws, as no browser reads it. */
export type PreviewKind =
  | "image"
  | "video"
  | "audio"
  | "pdf"
  | "markdown"
  | "table"
  | "zip"
  | "tar"
  | "text"
  | "drawn"
  | "none";

/** By extension. The first four are shown by what the browser has, under types that the server gives (`inline-type.ts`). */
const extensions: Readonly<Record<Exclude<PreviewKind, "text">, string>> = {
  image: "png jpg jpeg gif webp avif bmp ico svg",
  video: "mp4 m4v mov webm ogv",
  audio: "mp3 m4a aac wav flac ogg oga opus weba",
  pdf: "pdf",
  markdown: "md markdown mdown",
  table: "csv tsv",
  zip: "zip jar epub docx xlsx pptx odt ods odp",
  tar: "tar tgz tar.gz",
  drawn: "heic heif raw cr2 nef arw dng orf rw2 tif tiff mkv avi wmv mpg mpeg 3gp mts m2ts flv",
  none: "exe dll so bin iso dmg img doc xls ppt 7z rar xz bz2 zst gz psd cr3 woff woff2 ttf otf sqlite db class pyc o a",
};

const kinds = new Map(
  Object.entries(extensions).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind as PreviewKind])),
);

/** The largest file, in bytes, that is shown at all. What is read piece by piece has no bound. */
const maxBytes: Partial<Record<PreviewKind, number>> = {
  image: 100_000_000,
  pdf: 300_000_000,
};

/** Whether it is looked at as a picture, that can be shown larger. */
export function canZoom(kind: PreviewKind, sizeBytes: number): boolean {
  return kind === "image" || kind === "drawn" || (kind === "pdf" && !isTooLarge(kind, sizeBytes));
}

/** What isn't known by its name may be text: reading its beginning tells. */
export function previewKindOf({ name, type }: Pick<Entry, "name" | "type">): PreviewKind {
  if (type !== "file") return "none";
  if (name.toLowerCase().endsWith(".tar.gz")) return "tar";
  return kinds.get(extensionOf(name)) ?? "text";
}

export function isTooLarge(kind: PreviewKind, sizeBytes: number): boolean {
  return sizeBytes > (maxBytes[kind] ?? Number.POSITIVE_INFINITY);
}
