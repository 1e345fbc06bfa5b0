import type { ReactNode } from "react";
import {
  File,
  FileArchive,
  FileAudio,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  Folder,
  Link2,
  Users,
  type LucideIcon,
} from "lucide-react";
import { extensionOf, type Entry } from "../../data/files/entry.ts";
import styles from "./entry-icon.module.css";

const kinds: readonly (readonly [icon: LucideIcon, kind: string, extensions: string])[] = [
  [FileImage, "image", "png jpg jpeg gif webp avif svg heic heif tif tiff bmp ico raw cr2 nef arw dng psd"],
  [FileVideo, "video", "mp4 webm mov mkv avi m4v"],
  [FileAudio, "audio", "mp3 wav flac ogg opus m4a aac"],
  [FileSpreadsheet, "sheet", "csv tsv xls xlsx ods numbers"],
  [FileArchive, "archive", "zip tar gz tgz bz2 xz zst 7z rar"],
  [FileCode, "code", "js mjs ts tsx jsx json html css py rs go java c h cpp hpp cs rb php sh sql toml yaml yml xml"],
  [FileText, "text", "txt md markdown pdf doc docx odt rtf tex pages ppt pptx odp epub log"],
];

const byExtension = new Map(
  kinds.flatMap(([icon, kind, extensions]) => extensions.split(" ").map((extension) => [extension, { icon, kind }])),
);

/** What kind of thing it is, at a glance. Decoration: the name says it too. */
export function EntryIcon({
  entry,
  size,
}: {
  readonly entry: Pick<Entry, "name" | "type" | "mounts">;
  readonly size: number;
}): ReactNode {
  if (entry.mounts !== undefined) return <SharedFolder size={size} />;
  if (entry.type === "folder") return <Folder size={size} className={styles.folder} fill="currentColor" aria-hidden />;
  if (entry.type === "link") return <Link2 size={size} className={styles.icon} aria-hidden />;
  const { icon: Icon, kind } = byExtension.get(extensionOf(entry.name)) ?? { icon: File, kind: "other" };
  return <Icon size={size} strokeWidth={1.6} className={styles.icon} data-kind={kind} aria-hidden />;
}

function SharedFolder({ size }: { readonly size: number }): ReactNode {
  return (
    <span className={styles.shared}>
      <Folder size={size} className={styles.folder} fill="currentColor" aria-hidden />
      <Users size={Math.round(size * 0.45)} strokeWidth={2.4} className={styles.badge} aria-hidden />
    </span>
  );
}
