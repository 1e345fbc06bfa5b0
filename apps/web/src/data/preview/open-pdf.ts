import type { ApiClient } from "@satchel/api-client";
import type { EntryId, VersionId } from "@satchel/protocol";
import { getDocument, PDFWorker, version, type PDFDocumentProxy } from "pdfjs-dist";
import { serverUrl } from "../base-path.ts";
// oxlint-disable-next-line import/default -- Vite makes it
import PdfThread from "pdfjs-dist/build/pdf.worker.min.mjs?worker";

/** Fonts, character maps and decoders that few files need, each fetched when one does. The build puts them here (`vite.config.ts`). */
const extrasAddress = `${serverUrl}/assets/pdf-${version}-`;

class ExtraFiles {
  /** Called by pdf.js, which knows its files by name. */
  async fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
    const answer = await fetch(extrasAddress + filename);
    if (!answer.ok) throw new Error(`${filename} is not there`);
    return answer.bytes();
  }
}

/** Opens a PDF on the server, which is read in the parts that are looked at. It is closed when the signal aborts. @throws pdf.js' errors; OfflineError */
export async function openPdf(
  api: ApiClient,
  { id, versionId }: { readonly id: EntryId; readonly versionId: VersionId | null },
  signal: AbortSignal,
): Promise<PDFDocumentProxy> {
  const url = await api.contentUrl({ fileId: id, ...(versionId && { versionId }) }, { signal });
  signal.throwIfAborted();
  const thread = new PdfThread();
  const worker = PDFWorker.create({ port: thread });
  const opening = getDocument({
    url,
    worker,
    BinaryDataFactory: ExtraFiles,
    cMapPacked: true,
    useWorkerFetch: false,
    enableXfa: false,
  });
  signal.addEventListener("abort", () => {
    opening
      .destroy()
      .catch(() => undefined)
      .finally(() => {
        worker.destroy();
        thread.terminate();
      });
  });
  return opening.promise;
}
