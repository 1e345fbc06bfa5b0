import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import type { Entropy } from "../../ports/clock.ts";
import type { Disk, RootIdentity } from "../../ports/disk.ts";
import type { StateStore } from "../../state/state-store.ts";

/** The synced folder is not the one that it was. Nothing is concluded from what is missing in it until a person has looked. */
export class RootChangedError extends Error {
  override readonly name = "RootChangedError";
  readonly code: "root_missing" | "root_replaced" | "root_emptied";

  constructor(code: RootChangedError["code"]) {
    super(rootMessages[code]);
    this.code = code;
  }
}

const rootMessages = {
  root_missing:
    "The synced folder is gone. Nothing was deleted anywhere. Bring it back (mount its disk), and the sync goes on; or begin with another folder: `satchel stop`, then `satchel sync DIR --anew`.",
  root_replaced:
    "The synced folder was replaced by another one. Nothing was deleted anywhere. Bring the old one back, and the sync goes on; or merge this one with the server, losing nothing: `satchel stop`, then `satchel sync DIR --anew`.",
  root_emptied:
    "The synced folder was emptied. Nothing was deleted anywhere. Put its contents back, with .satchel if that is gone too; or, if you emptied it on purpose and .satchel is still there, put any file into it, and the deletions go on. To fill it again from the server: `satchel stop`, then `satchel sync DIR --anew`.",
} as const;

/** Knows which folder is the synced one: its inode, and the marker in it. */
export class RootGuard {
  readonly #parts: { state: StateStore; disk: Disk; entropy: Entropy };
  /** Kept at hand, since the books may be given up back to before it was written into them. */
  #known: { readonly inode: string; readonly marker: string } | undefined;

  constructor(parts: { state: StateStore; disk: Disk; entropy: Entropy }) {
    this.#parts = parts;
  }

  /** At the start: marks a folder that is synchronised for the first time, and insists on the same one later. @throws RootChangedError */
  async open(): Promise<void> {
    const { state, disk, entropy } = this.#parts;
    const marker = state.setting("marker");
    if (marker !== undefined) await this.check();
    const chosen = marker ?? encodeIdPart(entropy.bytes(idPartBytes));
    const { inode } = await disk.prepareRoot(chosen);
    // It may have been taken away after the look at it, and a new one made in its place just now. [EN44]
    if (marker !== undefined && inode !== state.setting("root")) throw new RootChangedError("root_replaced");
    this.#known = { inode, marker: chosen };
    this.#writeDown();
  }

  #writeDown(): void {
    const { state } = this.#parts;
    const known = this.#known;
    if (!known || (state.setting("marker") === known.marker && state.setting("root") === known.inode)) return;
    state.transaction(() => {
      state.setSetting("marker", known.marker);
      state.setSetting("root", known.inode);
    });
  }

  /** `isEmptied`: everything that was in the folder was found gone at once. @throws RootChangedError */
  readonly check = async ({ isEmptied = false }: { isEmptied?: boolean } = {}): Promise<void> => {
    const problem = this.#judge(await this.#parts.disk.rootIdentity()) ?? (isEmptied ? "root_emptied" : undefined);
    if (problem) throw new RootChangedError(problem);
    this.#writeDown();
  };

  #judge(identity: RootIdentity | undefined): RootChangedError["code"] | undefined {
    const { state } = this.#parts;
    const known = this.#known ?? { inode: state.setting("root"), marker: state.setting("marker") };
    if (!identity) return "root_missing";
    if (identity.inode !== known.inode) return "root_replaced";
    if (identity.marker === undefined) return "root_emptied";
    return identity.marker === known.marker ? undefined : "root_replaced";
  }
}
