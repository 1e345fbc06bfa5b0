import { inlineTypeOf } from "../files/inline-type.ts";
import { canPreview, previewSourceOf } from "../previews/preview-source.ts";
import type { OpenLink } from "./link-visits.ts";

/** Looking takes bytes, too: where downloads are counted, only those are offered. */
export function mayLook({ link }: OpenLink): boolean {
  return link.kind === "view" || (link.kind === "download" && link.maxDownloads === null);
}

/** Whether a page of the link shows the file: by itself, or, where no browser can, by a picture of it. */
export function isShown(open: OpenLink, name: string): boolean {
  return mayLook(open) && (inlineTypeOf(name) !== undefined || (!isDocument(name) && isPictured(open, name)));
}

/** Whether there may be a small picture of the file. A link that only shows gives no documents, and so not their first pages. */
export function isPictured(open: OpenLink, name: string): boolean {
  const source = previewSourceOf(name);
  return (
    mayLook(open) && source !== undefined && canPreview(source) && !(open.link.kind === "view" && isDocument(name))
  );
}

function isDocument(name: string): boolean {
  return previewSourceOf(name)?.ending === "pdf";
}
