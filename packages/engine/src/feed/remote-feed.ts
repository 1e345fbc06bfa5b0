import type { ChangesPush, Cursor, EntryId, EntryState } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import { recognise, type Offers } from "../books/offers.ts";
import type { MountBook } from "../mounts/mount-book.ts";
import type { Server } from "../ports/server.ts";
import type { StateStore } from "../state/state-store.ts";
import { askWhatWasTaken } from "./ask-what-was-taken.ts";
import { remoteRecord } from "./remote-record.ts";
import type { ManifestStore } from "../state/manifest-store.ts";

/** The server was put back to an earlier state than this device has seen; going on needs a person's word. */
export class ServerWentBackError extends Error {
  override readonly name = "ServerWentBackError";

  constructor() {
    super(
      "The server knows less than this device has already seen: it was probably restored from a backup. Nothing was deleted anywhere. To merge this folder with what the server has now, losing nothing: `satchel stop`, then `satchel sync DIR --anew`.",
    );
  }
}

/** Keeps the remote tree in step with the server's change feed. */
export class RemoteFeed {
  readonly #state: StateStore;
  readonly #manifests: ManifestStore;
  readonly #server: Server;
  readonly #offers: Offers;
  readonly #mounts: MountBook;
  readonly #onRemoteMoved: (id: EntryId) => void;
  readonly #keepIfDue: () => Promise<void>;
  #heardSequence = 0;
  /** How often the books had been undone by then. */
  #heardAtUndo = 0;

  constructor(parts: {
    state: StateStore;
    manifests: ManifestStore;
    server: Server;
    offers: Offers;
    mounts: MountBook;
    onRemoteMoved: (id: EntryId) => void;
    /** Called now and then while much is told, so that a crash takes little of it along. */
    keepIfDue: () => Promise<void>;
  }) {
    this.#state = parts.state;
    this.#manifests = parts.manifests;
    this.#server = parts.server;
    this.#offers = parts.offers;
    this.#mounts = parts.mounts;
    this.#onRemoteMoved = parts.onRemoteMoved;
    this.#keepIfDue = parts.keepIfDue;
  }

  /** Applies a push if it follows on what is known; false when the server must be asked for what it leaves open. */
  applyPush(push: ChangesPush): boolean {
    if (push.cursor === this.#state.cursor) return true;
    if (push.changes === undefined || push.before !== this.#state.cursor) return false;
    this.#apply(push.changes, push.cursor);
    return this.#offers.doubted.size === 0;
  }

  /** What this device committed itself is known: moves the cursor on if nothing lies between. Answers whether nothing does. */
  advance(before: Cursor, cursor: Cursor): boolean {
    if (this.#state.cursor === before) this.#state.setSetting("cursor", cursor);
    return this.#state.cursor === cursor;
  }

  /** Asks until there is no more, and what became of what was offered where that does not tell. @throws ServerWentBackError, and the api-client's errors */
  async catchUp(): Promise<void> {
    await this.#listOn();
    await askWhatWasTaken({ state: this.#state, offers: this.#offers, server: this.#server });
  }

  async #listOn(): Promise<void> {
    // A listing for the first time is told page by page like any other news; each page has a cursor that goes on after it.
    if (this.#state.cursor === undefined && this.#state.remote.count() > 1) return this.#listAnew();
    try {
      for (let more = true; more;) {
        const page = await this.#server.changes({ cursor: this.#state.cursor });
        this.#apply(page.changes, page.cursor);
        more = page.has_more;
        await this.#keepIfDue();
      }
    } catch (error) {
      if (error instanceof ProblemError && error.code === "cursor_ahead") throw new ServerWentBackError();
      if (error instanceof ProblemError && error.code === "cursor_expired") return this.#listAnew();
      throw error;
    }
  }

  /** From the beginning; what the server no longer tells is gone. */
  async #listAnew(): Promise<void> {
    const told = new Set<EntryId>([this.#state.rootId]);
    let cursor: Cursor | undefined;
    for (let more = true; more;) {
      const page = await this.#server.changes({ cursor });
      cursor = page.cursor;
      more = page.has_more;
      this.#state.transaction(() => {
        for (const change of page.changes) {
          this.#applyOne(change);
          if (change.deleted) told.delete(change.id);
          else told.add(change.id);
        }
      });
    }
    this.#state.transaction(() => {
      const gone = [...this.#state.remote.ids()].filter((id) => !told.has(id));
      for (const id of gone) this.#state.remote.remove(id);
      if (cursor !== undefined) this.#state.setSetting("cursor", cursor);
    });
  }

  #apply(changes: readonly EntryState[], cursor: Cursor): void {
    this.#state.transaction(() => {
      for (const change of changes) this.#applyOne(change);
      this.#state.setSetting("cursor", cursor);
    });
  }

  /**
   * Whether the feed has told of everything up to this change. An answer that comes later than that has no news. [EN16]
   * When the books were undone, what it had told went with them, and so did the place in the feed: it has told of nothing that counts.
   */
  hasHeard(sequence: number): boolean {
    return this.#heardAtUndo === this.#state.timesUndone && this.#heardSequence >= sequence;
  }

  #applyOne(change: EntryState): void {
    const { timesUndone } = this.#state;
    this.#heardSequence = Math.max(this.#heardAtUndo === timesUndone ? this.#heardSequence : 0, change.sequence);
    this.#heardAtUndo = timesUndone;
    const known = this.#state.remote.find(change.id);
    if (known && known.sequence >= change.sequence) return;
    if (change.id === this.#state.rootId) return;
    if (change.deleted) {
      if (known) this.#state.remote.remove(change.id);
      return;
    }
    if (change.chunks !== undefined && change.version_hash !== null)
      this.#manifests.keep(change.version_hash, Buffer.from(change.chunks, "base64"));
    const told = remoteRecord(change);
    this.#state.remote.put(told);
    if (change.mounts !== undefined) this.#mounts.add(told.id, change.mounts);
    if (known && known.parentId !== told.parentId) this.#onRemoteMoved(told.id);
    recognise({ state: this.#state, offers: this.#offers, manifests: this.#manifests }, told);
  }
}
