import { randomBytes } from "node:crypto";
import { storageError } from "../chunk-store-errors.ts";
import type { PackFile, PackFiles } from "./pack-files.ts";
import { encodePackHeader, packHeaderBytes, packIdentityBytes } from "./record-format.ts";

interface ActivePack {
  readonly pack: number;
  readonly identity: Uint8Array;
  readonly file: PackFile;
  /** Its name is durable in the directory. */
  named: boolean;
  /** Everything before this offset is durable. */
  endBytes: number;
}

/** Where an append went, and the identity in that pack's header. */
export interface Appended {
  readonly pack: number;
  readonly offset: number;
  readonly identity: Uint8Array;
}

/** Appends to the newest pack and makes it durable; starts another when it is full. One append at a time: the caller sees to that. */
export class PackAppender {
  readonly #files: PackFiles;
  readonly #maxPackBytes: number;
  #active: ActivePack | undefined;
  #lastPack: number;
  #full = false;

  /** `lastPack` is the highest number ever used (0 for none): a number is never used again, since readers may hold its file open. */
  constructor(options: { readonly files: PackFiles; readonly maxPackBytes: number; readonly lastPack: number }) {
    this.#files = options.files;
    this.#maxPackBytes = options.maxPackBytes;
    this.#lastPack = options.lastPack;
  }

  /** Goes on with a pack of an earlier run, at its durable end. */
  async resume(last: {
    readonly pack: number;
    readonly identity: Uint8Array;
    readonly endBytes: number;
  }): Promise<void> {
    this.#active = { ...last, file: await this.#files.open(last.pack), named: true };
  }

  /** The pack that the next append goes to, if that is known. */
  get activePack(): number | undefined {
    return this.#full ? undefined : this.#active?.pack;
  }

  /** Lets the next append start a new pack. One that is under way still goes to the old. */
  startNewPack(): void {
    this.#full = true;
  }

  /**
   * Writes the parts one after the other and returns when they are durable: one fdatasync, and for a new pack one fsync of the directory.
   * After an error nothing of them counts; the space is reused.
   *
   * @throws ChunkStoreFullError or ChunkStoreFailedError.
   */
  async append(parts: readonly Uint8Array[], sizeBytes: number): Promise<Appended> {
    const active = await this.#packWithRoom(sizeBytes);
    const offset = active.endBytes;
    try {
      await writeAll(active.file, parts, offset);
    } catch (error) {
      // Gives the space back now. What can't be cut off is written over, or skipped by the next scan.
      await active.file.truncate(offset).catch(() => {});
      throw storageError("writing a pack", error);
    }
    try {
      await active.file.datasync();
      if (!active.named) await this.#files.syncNames();
    } catch (error) {
      // After a failed fsync Linux may take pages for clean that never reached the disk, and a second fsync then says nothing: forget
      // these bytes, so that no scan finds them in the page cache, and never append here again.
      await active.file.truncate(offset).catch(() => {});
      await this.close();
      throw storageError("syncing a pack", error);
    }
    active.named = true;
    active.endBytes += sizeBytes;
    return { pack: active.pack, offset, identity: active.identity };
  }

  /** Closes the file. No append may be under way. */
  async close(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    await active?.file.close().catch(() => {});
  }

  async #packWithRoom(sizeBytes: number): Promise<ActivePack> {
    if (this.#active !== undefined && !this.#full && this.#active.endBytes + sizeBytes <= this.#maxPackBytes)
      return this.#active;
    await this.close();
    try {
      this.#active = await this.#startPack();
      this.#full = false;
      return this.#active;
    } catch (error) {
      throw storageError("starting a pack", error);
    }
  }

  async #startPack(): Promise<ActivePack> {
    const pack = this.#lastPack + 1;
    const identity = randomBytes(packIdentityBytes);
    const file = await this.#files.create(pack);
    this.#lastPack = pack;
    try {
      await writeAll(file, [encodePackHeader(identity)], 0);
    } catch (error) {
      await file.close();
      await this.#files.remove(pack);
      throw error;
    }
    return { pack, identity, file, named: false, endBytes: packHeaderBytes };
  }
}

async function writeAll(file: PackFile, parts: readonly Uint8Array[], position: number): Promise<void> {
  let rest = parts;
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at);
    if (bytesWritten === 0) throw new Error("the system wrote nothing");
    at += bytesWritten;
    rest = withoutFirst(rest, bytesWritten);
  }
}

/** The parts without their first `count` bytes. */
function withoutFirst(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  let first = 0;
  while (first < parts.length && skip >= (parts[first]?.byteLength ?? 0)) {
    skip -= parts[first]?.byteLength ?? 0;
    first += 1;
  }
  const rest = parts.slice(first);
  if (skip > 0 && rest[0] !== undefined) rest[0] = rest[0].subarray(skip);
  return rest;
}
