import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";

/** A file system of its own with little room. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Gives it another size, in MiB. */
  resize(mebibytes: number): void;
  /** Takes it away, as when somebody pulls a plug; what uses it loses it at once. */
  unmount(): void;
  /** Lets it be written no more, or again. */
  setReadOnly(readOnly: boolean): void;
}

/** Mounts one in memory, at a folder that it makes. @throws when this machine doesn't permit it, saying how to go without */
export async function mountSmallDisk(path: string, mebibytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0777`, "satchel-test", path);
  let isMounted = true;
  return {
    path,
    resize: (size) => mount("-o", `remount,size=${size}m`, path),
    setReadOnly: (readOnly) => mount("-o", `remount,${readOnly ? "ro" : "rw"}`, path),
    unmount: () => {
      run("umount", "--lazy", path);
      isMounted = false;
    },
    [Symbol.asyncDispose]: async () => {
      if (isMounted) run("umount", "--lazy", path);
    },
  };
}

function mount(...words: string[]): void {
  run("mount", ...words);
}

function run(program: string, ...words: string[]): void {
  const [command, ...rest] = process.getuid?.() === 0 ? [program, ...words] : ["sudo", "-n", program, ...words];
  const { status, stderr, error } = spawnSync(command, rest, { encoding: "utf8" });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new Error(
    `A small disk can't be mounted here (${why}). Run the tests as root, or without them: SATCHEL_TEST_WITHOUT=mount npm test`,
  );
}
