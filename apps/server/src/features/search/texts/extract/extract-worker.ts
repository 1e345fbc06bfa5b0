import { parentPort } from "node:worker_threads";
import { piecesOfText } from "../../../../storage/search/text-pieces.ts";
import { extractText } from "./extract-text.ts";
import { maxKeptUnits } from "./text-bounds.ts";
import type { ExtractAnswer, ExtractRequest } from "./text-extractor.ts";

/** The thread in which files are read that may be made to do harm: it has a bound of memory, and is ended when it takes too long. */
const port = parentPort;
if (!port) throw new Error("extract-worker runs in a worker thread");
port.on("message", (request: ExtractRequest) => {
  answer(request).then(
    (message) => port.postMessage(message),
    (error: unknown) => port.postMessage({ error: String(error) } satisfies ExtractAnswer),
  );
});

async function answer({ format, name, bytes }: ExtractRequest): Promise<ExtractAnswer> {
  const text = await extractText(format, name, bytes);
  if (text === undefined) return { text: null };
  return { text: { pieces: piecesOfText(name, text), kept: text.slice(0, maxKeptUnits).toWellFormed() } };
}
