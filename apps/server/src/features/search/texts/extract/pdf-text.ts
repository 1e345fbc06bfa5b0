import { findIsolation, findProgram } from "../../../sandbox/isolation.ts";
import { runProgram } from "../../../sandbox/run-program.ts";
import { maxDocumentBytes } from "./text-bounds.ts";

/** The first pages, which have about as much text as is read of a file. */
const maxPages = 400;
const MiB = 1024 * 1024;
const limits = {
  cpuSeconds: 20,
  memoryBytes: 512 * MiB,
  fileBytes: maxDocumentBytes,
  inputBytes: maxDocumentBytes,
  outputBytes: 8 * MiB,
  wallMs: 60_000,
};

const program = "pdftotext";

/** Whether there is a program to read PDF files with, and it can be kept apart: else none of them needs to be fetched. */
export async function canReadPdf(): Promise<boolean> {
  return findProgram(program) !== undefined && (await findIsolation()) !== undefined;
}

/** What a PDF file says, in UTF-8: by Poppler's pdftotext, kept apart and bounded. @throws ProgramError where it is broken, or there is no such program */
export function textOfPdf(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  return runProgram({
    program,
    words: ({ input }) => ["-q", "-enc", "UTF-8", "-nopgbrk", "-l", String(maxPages), input, "-"],
    input: (async function* () {
      yield bytes;
    })(),
    inputName: "file.pdf",
    limits,
    inBackground: true,
    signal,
  });
}
