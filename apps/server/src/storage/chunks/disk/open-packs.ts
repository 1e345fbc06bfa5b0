import { closeSync, openSync, readSync } from "node:fs";
import { packPath } from "./pack-files.ts";

/** Open files for reading packs, bounded in number. Reads block: this is for a thread of its own. */
export class OpenPacks {
  readonly #directory: string;
  readonly #files = new Map<number, number>();
  static readonly #maxOpenFiles = 64;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Fills `target` from the offset on, as far as the file goes. Returns the bytes read; undefined when there is no such pack. */
  read(pack: number, offset: number, target: Buffer): number | undefined {
    const file = this.#open(pack);
    if (file === undefined) return undefined;
    let done = 0;
    while (done < target.length) {
      const count = readSync(file, target, done, target.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /** Closes all, so that removed packs give their space back. */
  release(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  /** The most recently used file is the last of the map. */
  #open(pack: number): number | undefined {
    const known = this.#files.get(pack);
    const file = known ?? openExisting(packPath(this.#directory, pack));
    if (file === undefined) return undefined;
    this.#files.delete(pack);
    this.#files.set(pack, file);
    if (this.#files.size > OpenPacks.#maxOpenFiles) {
      const [oldest] = this.#files;
      if (oldest !== undefined) {
        closeSync(oldest[1]);
        this.#files.delete(oldest[0]);
      }
    }
    return file;
  }
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
