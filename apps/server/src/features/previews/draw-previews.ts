import { findPackageJSON } from "node:module";
import { fileURLToPath } from "node:url";
import { ProgramError } from "../sandbox/program-error.ts";
import { runProgram, type ProgramLimits, type ProgramRun } from "../sandbox/run-program.ts";
import { previewSizes, type PreviewSize } from "./preview-size.ts";
import type { PreviewSource } from "./preview-source.ts";

const MiB = 2 ** 20;
/** Of each program. A page or a frame comes out as an unpacked picture of some megabytes. */
const limits: Omit<ProgramLimits, "inputBytes"> = {
  cpuSeconds: 30,
  memoryBytes: 1536 * MiB,
  fileBytes: 512 * MiB,
  outputBytes: 64 * MiB,
  wallMs: 120_000,
};
const drawer = fileURLToPath(new URL("draw-picture-worker.ts", import.meta.url));
/** The picture library with what it stands on, and the manifest that says what kind of module the drawer is. */
const drawerReads = [
  drawer,
  String(findPackageJSON("..", import.meta.url)),
  fileURLToPath(import.meta.resolve("sharp")).replace(/(.*[\\/]node_modules)[\\/].*/, "$1"),
];
const sizesDown = previewSizes.toSorted((a, b) => b - a);

/** Draws a file's small pictures, as WebP, in all sizes. Each program that reads the file is kept apart. @throws ProgramError; what reading throws */
export async function drawPreviews(
  source: PreviewSource,
  content: AsyncIterable<Uint8Array>,
  how: Pick<ProgramRun, "signal" | "inBackground"> = {},
): Promise<ReadonlyMap<PreviewSize, Uint8Array>> {
  const run = {
    inputName: `file.${source.ending}`,
    limits: { ...limits, inputBytes: source.maxBytes },
    ...how,
  };
  const { program } = source;
  if (!program) return draw({ ...run, input: content });
  const { maxBytes: _, ...words } = program;
  const picture = await runProgram({ ...run, ...words, input: content });
  return draw({ ...run, inputName: "picture", input: once(picture) });
}

async function draw(
  run: Pick<ProgramRun, "input" | "inputName" | "limits" | "signal" | "inBackground">,
): Promise<ReadonlyMap<PreviewSize, Uint8Array>> {
  const output = await runProgram({
    ...run,
    program: process.execPath,
    reads: drawerReads,
    words: ({ input }) => ["--max-old-space-size=128", drawer, input, ...sizesDown.map(String)],
  });
  return new Map(takeApart(output).map((picture, nth) => [sizesDown[nth] as PreviewSize, picture]));
}

/** Each behind its length in four bytes. */
function takeApart(output: Uint8Array): Uint8Array[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const pictures: Uint8Array[] = [];
  for (let offset = 0; offset + 4 <= output.length;) {
    const end = offset + 4 + view.getUint32(offset);
    pictures.push(output.slice(offset + 4, end));
    offset = end;
  }
  if (pictures.length !== sizesDown.length || pictures.some(({ length }) => length === 0))
    throw new ProgramError("refused", "not all pictures were drawn");
  return pictures;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
