import { z } from "zod";

/** What a file is to a person, by the ending of its name. */
export const fileKinds = [
  "folder",
  "link",
  "document",
  "pdf",
  "spreadsheet",
  "presentation",
  "text",
  "code",
  "image",
  "audio",
  "video",
  "archive",
  "email",
  "other",
] as const;
export const fileKindSchema = z.enum(fileKinds).meta({ id: "FileKind" });
export type FileKind = (typeof fileKinds)[number];

const endings: Partial<Record<FileKind, string>> = {
  document: "doc docx docm dot dotx odt ott rtf pages wpd epub mobi",
  pdf: "pdf ps",
  spreadsheet: "xls xlsx xlsm xlsb ods ots csv tsv numbers",
  presentation: "ppt pptx pptm pps ppsx odp otp key",
  text: "txt text md markdown rst org log tex adoc",
  code: "c h cc cpp hpp cs java kt swift go rs py rb php pl lua js mjs cjs ts tsx jsx vue svelte css scss less html htm xml json yaml yml toml ini sh bash zsh fish ps1 bat sql r jl scala clj hs ml ex exs erl dart zig asm proto graphql tf ipynb",
  image: "jpg jpeg png gif webp avif heic heif bmp tif tiff svg ico psd raw cr2 cr3 nef arw dng orf rw2 xcf ai eps",
  audio: "mp3 m4a aac ogg oga opus flac wav wma aif aiff mid midi",
  video: "mp4 m4v mov mkv webm avi wmv mpg mpeg 3gp ogv mts m2ts flv",
  archive: "zip tar gz tgz bz2 xz zst 7z rar jar iso dmg lz lzma cab deb rpm",
  email: "eml msg mbox emlx",
};

const kindOfEnding: ReadonlyMap<string, FileKind> = new Map(
  Object.entries(endings).flatMap(([kind, list]) => list.split(" ").map((ending) => [ending, kind as FileKind])),
);

/** `other` for endings that aren't known, and for files without one. */
export function fileKindOf(name: string): FileKind {
  const dot = name.lastIndexOf(".");
  return (dot < 0 ? undefined : kindOfEnding.get(name.slice(dot + 1).toLowerCase())) ?? "other";
}
