import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { confine, type ProgramPlaces } from "./confine.ts";
import { makePlaces } from "./program-places.ts";
import type { ProgramLimits } from "./run-program.ts";

/** What keeps a program apart here. */
export interface Isolation {
  /** Namespaces of its own: no network, and no process of it outlives it. False where the kernel or the container allows none. */
  readonly hasNamespaces: boolean;
  /** It sees no process but its own: nothing of this one's environment either, by way of /proc. Containers mostly refuse that. */
  readonly hidesProcesses: boolean;
  /** It sees no files but the system's programs and its own folder, and can change only what is in that. */
  readonly hidesFiles: boolean;
  /** What comes before the program's own words. */
  wrap(limits: ProgramLimits, places: ProgramPlaces): Promise<readonly string[]>;
}

/** A process of a program and its children; within namespaces of its own they are counted by themselves. */
const maxProcesses = 128;
const namespaces = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child=KILL"];

let found: Promise<Isolation | undefined> | undefined;

/** Undefined where nothing can limit a program (there is no `prlimit`): then none is run. Found out once; where trying fails, as on a full disk, the next one who asks tries again. */
export function findIsolation(): Promise<Isolation | undefined> {
  return (found ??= find().catch((error: unknown) => {
    found = undefined;
    throw error;
  }));
}

async function find(): Promise<Isolation | undefined> {
  if (findProgram("prlimit") === undefined) return undefined;
  for (const candidate of candidates()) if (await works(candidate)) return candidate;
  return undefined;
}

/** From the best on. */
function candidates(): Isolation[] {
  const both = [true, false];
  const apart = both.flatMap((hidesFiles) =>
    // Older kernels count all processes of the account, so that the bound would be somebody else's: then there is none.
    both.flatMap((hidesProcesses) =>
      [maxProcesses, undefined].map((processes): Isolation => {
        const mounts = [...(hidesFiles ? ["--mount"] : []), ...(hidesProcesses && !hidesFiles ? ["--mount-proc"] : [])];
        const before = [...namespaces, ...mounts, "--"];
        const wrap = async (limits: ProgramLimits, places: ProgramPlaces) => [
          ...before,
          ...(hidesFiles ? await confine(places, { ownProc: hidesProcesses }) : []),
          ...limiting(limits, processes),
        ];
        return { hasNamespaces: true, hidesProcesses, hidesFiles, wrap };
      }),
    ),
  );
  const none = { hasNamespaces: false, hidesProcesses: false, hidesFiles: false };
  return [...apart, { ...none, wrap: async (limits) => limiting(limits) }];
}

/** A soft limit before the hard one, so that what ran out of time says so. `--data` counts what is really written to: programs reserve far more than they use. */
function limiting({ cpuSeconds, memoryBytes, fileBytes }: ProgramLimits, processes?: number): string[] {
  return [
    "prlimit",
    `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
    `--data=${memoryBytes}`,
    `--fsize=${fileBytes}`,
    "--core=0",
    ...(processes === undefined ? [] : [`--nproc=${processes}`]),
    "--",
  ];
}

const reads = [process.execPath, fileURLToPath(import.meta.url)];
const tryLimits: ProgramLimits = {
  cpuSeconds: 10,
  memoryBytes: 2 ** 30,
  fileBytes: 2 ** 20,
  inputBytes: 0,
  outputBytes: 0,
  wallMs: 30_000,
};

/** With what programs read besides the system, too: it may lie on a disk that can't be mounted again in the same way. */
async function works({ wrap }: Isolation): Promise<boolean> {
  const places = await makePlaces();
  try {
    const [program, ...words] = [...(await wrap(tryLimits, { ...places, reads })), "true"];
    const child = spawn(program ?? "", words, { stdio: "ignore", timeout: tryLimits.wallMs });
    return await new Promise((resolve) => {
      child.once("error", () => resolve(false));
      child.once("exit", (code) => resolve(code === 0));
    });
  } finally {
    await rm(places.base, { recursive: true, force: true });
  }
}

/** Where a program is, by this process's PATH; undefined where it isn't installed. */
export function findProgram(name: string): string | undefined {
  if (name.startsWith("/")) return existsSync(name) ? name : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
