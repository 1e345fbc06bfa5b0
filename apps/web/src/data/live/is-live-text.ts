import { maxLiveBytes } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";
import { previewKindOf, type PreviewKind } from "../preview/preview-kind.ts";

const kinds: ReadonlySet<PreviewKind> = new Set(["markdown", "table", "text"]);

/** Whether a file may be a text that several people can edit at a time. What isn't known by its name may be none: opening it tells. */
export function isLiveText(entry: Entry): boolean {
  return entry.type === "file" && entry.size <= maxLiveBytes && kinds.has(previewKindOf(entry));
}
