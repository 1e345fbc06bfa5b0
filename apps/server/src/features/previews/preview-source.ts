import { pictureEndings } from "@satchel/protocol";
import { findProgram } from "../sandbox/isolation.ts";
import type { ProgramRun } from "../sandbox/run-program.ts";

/** How a picture is got out of files that picture libraries can't read: a program of the system that puts one out. */
export interface PictureProgram extends Pick<ProgramRun, "program" | "words" | "outputName"> {
  /** The most that a file may have, in bytes. */
  readonly maxBytes: number;
}

export interface PreviewSource {
  /** Plain, as the programs go by it. */
  readonly ending: string;
  readonly maxBytes: number;
  /** Left out: the picture library reads it itself. */
  readonly program?: PictureProgram;
  /** Can a file that begins so be one? For endings that others use for something else. Left out: its program tells. */
  readonly mayBegin?: (head: Uint8Array) => boolean;
}

/** The most bytes of a beginning that `mayBegin` looks at. */
export const lookedAtBytes = 8;

const MiB = 2 ** 20;
const maxPictureBytes = 256 * MiB;
const maxVideoBytes = 512 * MiB;

const heic: PictureProgram = {
  program: "heif-convert",
  words: ({ input }) => [input, "picture.png"],
  outputName: "picture.png",
  maxBytes: maxPictureBytes,
};
/** The camera's own picture, which lies beside the raw one. */
const raw: PictureProgram = { program: "dcraw", words: ({ input }) => ["-e", "-c", input], maxBytes: maxPictureBytes };
const pdf: PictureProgram = {
  program: "pdftoppm",
  words: ({ input }) => ["-f", "1", "-l", "1", "-singlefile", "-png", "-scale-to", "1024", input],
  maxBytes: maxPictureBytes,
};
/** Formats that hold a film themselves: no play lists, which name other files. */
const films = "mov,matroska,avi,asf,mpeg,mpegvideo,mpegts,ogg,flv";
/** The most telling of the first frames, at the size that is wanted at most. */
const video: PictureProgram = {
  program: "ffmpeg",
  words: ({ input }) => {
    const only = ["-protocol_whitelist", "file", "-format_whitelist", films];
    const read = ["-nostdin", "-v", "error", ...only, "-threads", "1", "-i", input];
    const choose = ["-frames:v", "1", "-vf", "thumbnail=50,scale=1024:1024:force_original_aspect_ratio=decrease"];
    return [...read, ...choose, "-an", "-f", "image2pipe", "-c:v", "png", "pipe:1"];
  },
  maxBytes: maxVideoBytes,
};

/** Packets of a transport stream begin with a `G`; on the disks of cameras behind a time of four bytes. TypeScript's modules are called `.mts`, too. */
const transportStream = { mayBegin: (head: Uint8Array) => head[0] === 0x47 || head[4] === 0x47 };
const typeDeclarations = /\.d\.mts$/i;

const programs: readonly (readonly [string, PictureProgram])[] = [
  [pictureEndings.heic, heic],
  [pictureEndings.raw, raw],
  [pictureEndings.pdf, pdf],
  [pictureEndings.films, video],
];

const sources: ReadonlyMap<string, PreviewSource> = new Map([
  ...pictureEndings.pictures.split(" ").map((ending) => [ending, { ending, maxBytes: maxPictureBytes }] as const),
  ...programs.flatMap(([endings, program]) =>
    endings.split(" ").map((ending) => {
      const own = ending === "mts" || ending === "m2ts" ? transportStream : {};
      return [ending, { ending, maxBytes: program.maxBytes, program, ...own }] as const;
    }),
  ),
]);

/** By the ending of a file's name; undefined for what there are no small pictures of. */
export function previewSourceOf(name: string): PreviewSource | undefined {
  const dot = name.lastIndexOf(".");
  return dot < 0 || typeDeclarations.test(name) ? undefined : sources.get(name.slice(dot + 1).toLowerCase());
}

/** Whether the program that it takes is installed. */
export function canPreview({ program }: PreviewSource): boolean {
  return program === undefined || findProgram(program.program) !== undefined;
}

/** Each program that small pictures of some files take, with those files' endings, and whether it is there. */
export function previewPrograms(): { readonly program: string; readonly endings: string; readonly isThere: boolean }[] {
  return programs.map(([endings, { program }]) => ({
    program,
    endings,
    isThere: findProgram(program) !== undefined,
  }));
}
