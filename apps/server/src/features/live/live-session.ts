import { maxLiveBytes, ProblemError, type EntryId } from "@satchel/protocol";
import * as Y from "yjs";
import { begin, takeUp, type FoundSession, type Known } from "./found-session.ts";
import type { LiveFiles, LookedText } from "./live-files.ts";
import { holdMs, LiveJournal, type JournalParts, type Pending } from "./live-journal.ts";
import { RetriedWork } from "./retried-work.ts";
import { SaveClock } from "./save-clock.ts";
import { liveTextName, openDocument, stateOf, textOf, weave } from "./live-text.ts";

/** How often a version is tried on a file that others write at the same moment; then it waits for the next pause. */
const maxOvertaken = 10;

export interface LiveParts extends JournalParts {
  readonly files: LiveFiles;
  /** Told once of each version that the session knows, with the text: of what else knows places in it. */
  readonly follow: (fileId: EntryId, now: { readonly session: string; readonly text: Y.Text }) => Promise<void>;
}

/** Why a session is over: `lost` to another process. */
export type LiveEnd = "gone" | "not_text" | "lost";

/** Who is told of what becomes of a session. */
export interface LiveListener {
  /** The document changed; `origin` is what it was changed with. */
  onUpdate(update: Uint8Array, origin: unknown): void;
  /** It is saved, or isn't any more. */
  onState(): void;
  onEnd(reason: LiveEnd): void;
}

/**
 * One file that is edited live: its document, what is kept of it, and the versions that become of it. One thing is done at a time: keeping what was typed, taking over what somebody else made of the file, writing a version. Each may end at
 * any instruction, and be found again by the next process.
 */
export class LiveSession {
  readonly fileId: EntryId;
  readonly document: Y.Doc;
  readonly #parts: LiveParts;
  readonly #journal: LiveJournal;
  readonly #clock: SaveClock;
  #listener: LiveListener | undefined;
  #known: Known;
  /** The text of the version that is known. */
  #versionText: string;
  /** The version that was told to who follows. */
  #followed: string | undefined;
  #mustLook = false;
  #mustSave = false;
  #problem: string | null = null;
  #isLeaving = false;
  /** How often the document changed. */
  #updates = 0;
  #isOver = false;
  readonly #work: RetriedWork;

  private constructor(parts: LiveParts, fileId: EntryId, { document, known, typists, nth }: FoundSession) {
    this.fileId = fileId;
    this.document = document;
    this.#parts = parts;
    this.#journal = new LiveJournal(parts, { fileId, typists, nth });
    this.#clock = new SaveClock(parts.host, () => this.save());
    this.#known = known;
    this.#versionText = textOf(openDocument(known.versionState));
    const { host, onFailure } = parts;
    this.#work = new RetriedWork({ hasWork: () => this.#hasWork, round: () => this.#round(), host, onFailure });
    document.on("update", (update: Uint8Array, origin: unknown) => {
      this.#updates += 1;
      this.#listener?.onUpdate(update, origin);
    });
    this.#journal.prolong(() => this.#end("lost"));
  }

  /**
   * Takes up the session of a file, or begins one. What others made of the file meanwhile is in it when this resolves.
   * @throws not_found for a file that is gone or no text, unavailable while another process has the session
   */
  static async open(parts: LiveParts, fileId: EntryId): Promise<LiveSession> {
    const { store, key, host, holder } = parts;
    const look = await parts.files.look(fileId);
    const hold = { fileId, holder, nowMs: host.nowMs(), forMs: holdMs };
    const kept = await store.take(hold);
    if (!kept)
      throw new ProblemError("unavailable", "another process of the server has this session", {
        retryAfterSeconds: 2,
      });
    const isShort = look.status === "text" && Buffer.byteLength(look.text) <= maxLiveBytes;
    const found = takeUp(key, fileId, kept) ?? (isShort ? begin(host.randomBytes, look, kept) : undefined);
    if (!found) await store.remove(hold);
    const session = found && new LiveSession(parts, fileId, found);
    if (session) await session.#start();
    if (!session || session.isOver) throw new ProblemError("not_found", "there is no text of this name");
    return session;
  }

  get text(): string {
    return textOf(this.document);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether all that was typed is in a version. */
  get isSaved(): boolean {
    // The text is put together only where its length leaves a doubt.
    const { length } = this.document.getText(liveTextName);
    return length === this.#versionText.length && this.text === this.#versionText;
  }

  get state() {
    const { session, versionId } = this.#known;
    return { session, version_id: versionId, saved: this.isSaved, problem: this.#problem };
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /** Somebody's edits; `origin` is told to the listener. @throws Error for what is no update */
  edit(pending: Pending, origin: unknown): void {
    if (this.#isLeaving || this.#isOver) return;
    const wasSaved = this.isSaved;
    const updates = this.#updates;
    Y.applyUpdate(this.document, pending.update, origin);
    // Who repeats what is there, as on coming back, has typed nothing.
    this.#journal.add({ ...pending, typist: updates === this.#updates ? undefined : pending.typist });
    this.#clock.typed();
    if (wasSaved) this.#listener?.onState();
    this.#work.wake();
  }

  /** Something may have become of the file. */
  look(): void {
    this.#mustLook = true;
    this.#work.wake();
  }

  /** Writes a version now, if there is something to write. */
  save(): void {
    this.#mustSave = true;
    this.#work.wake();
  }

  /** Resolves when nothing is under way, or what is has failed and waits. */
  async settle(): Promise<void> {
    await this.#work.settle();
  }

  /** Writes what is not written, and lets other processes have it. What could not be written stays this one's, until it is found forsaken. */
  async close(): Promise<void> {
    this.save();
    await this.settle();
    const isDone = !this.#isOver && this.isSaved && !this.#journal.hasPending;
    this.#stop();
    if (isDone) await this.#journal.release();
  }

  async #start(): Promise<void> {
    try {
      await this.#keep();
    } catch (error) {
      // Nobody has it: its hold is not prolonged, so that it is found forsaken.
      this.#stop();
      throw error;
    }
    this.look();
    await this.settle();
  }

  #stop(): void {
    this.#isOver = true;
    this.#journal.stop();
    this.#clock.stop();
    this.#work.stop();
  }

  get #hasWork(): boolean {
    return this.#journal.hasPending || this.#mustLook || this.#mustSave;
  }

  /** What was typed is kept first: nothing else is worth more. */
  async #round(): Promise<void> {
    if (this.#journal.hasPending && !(await this.#journal.keepUpdates())) return this.#end("lost");
    if (this.#mustLook) await this.#takeOver();
    if (this.#mustSave && !this.#isOver) await this.#write();
    if (!this.#isOver) await this.#follow();
  }

  /** Nothing of the session waits for it to succeed. */
  async #follow(): Promise<void> {
    const { versionId, session } = this.#known;
    if (this.#followed === versionId) return;
    this.#followed = versionId;
    const text = this.document.getText(liveTextName);
    await this.#parts.follow(this.fileId, { session, text }).catch(this.#parts.onFailure);
  }

  /** All that is known, with the document as it is. */
  async #keep(): Promise<void> {
    await this.#keepAs(this.#known, stateOf(this.document));
  }

  async #keepAs(known: Known, state: Uint8Array): Promise<void> {
    if (!(await this.#journal.keepRecord({ ...known, state }))) this.#end("lost");
  }

  /** What somebody else made of the file becomes edits of the document. [LV6] */
  async #takeOver(): Promise<void> {
    this.#mustLook = false;
    try {
      const look = await this.#parts.files.look(this.fileId);
      if (look.status !== "text") return await this.#leave(look.status);
      if (look.versionId === this.#known.versionId) return;
      await this.#recogniseOwn(look);
      if (look.versionId === this.#known.versionId) await this.#keep();
      else await this.#weaveIn(look);
    } catch (error) {
      this.#mustLook = true;
      throw error;
    }
    if (!this.isSaved) this.#mustSave = true;
    this.#listener?.onState();
  }

  /** A version that was offered, and whose answer was never heard. [LV7] */
  async #recogniseOwn(look: LookedText): Promise<void> {
    const { offered, versionId: since } = this.#known;
    if (!offered) return;
    const { versionHash, state } = offered;
    const isLatest = look.versionHash === versionHash;
    const own = isLatest ? look.versionId : await this.#parts.files.findVersion(this.fileId, { versionHash, since });
    if (own) this.#learn({ ...this.#known, versionId: own, versionState: state, offered: undefined });
  }

  async #weaveIn({ versionId, text, dress }: LookedText): Promise<void> {
    const { versionState, versionId: before } = this.#known;
    const { update, state } = weave(versionState, text, `${before} ${versionId}`);
    const known = { ...this.#known, versionId, versionState: state, dress, offered: undefined };
    // Kept before anybody sees it: after a crash, a later version would be compared with the one before this, and what both have be there twice.
    await this.#keepAs(known, Y.mergeUpdates([stateOf(this.document), update]));
    if (this.#isOver) return;
    Y.applyUpdate(this.document, update, this);
    this.#learn(known);
  }

  #learn(known: Known): void {
    this.#known = known;
    this.#versionText = textOf(openDocument(known.versionState));
  }

  /** A version of what was typed. [LV7] */
  async #write(): Promise<void> {
    // Whether what was offered last became a version has to be known first.
    if (this.#known.offered) await this.#takeOver();
    let problem: string | null = null;
    for (let tries = 0; tries < maxOvertaken && problem === null && !this.#isOver && !this.isSaved; tries += 1) {
      problem = await this.#offer();
    }
    // What came to nothing, such as a word that was typed and taken out, is in no version: it doesn't pile up for that.
    if (this.isSaved && !this.#isOver && this.#journal.hasLog) await this.#keep();
    this.#problem = problem;
    this.#mustSave = false;
    this.#clock.tried();
    if (problem !== null) this.#clock.refused();
    else if (!this.isSaved) this.#clock.typed();
    this.#listener?.onState();
  }

  /** One try: answers with the code of what it was refused for, or null when it was done or overtaken. */
  async #offer(): Promise<string | null> {
    const { files, holder } = this.#parts;
    const [text, state] = [this.text, stateOf(this.document)];
    // With the text: whoever types while it is prepared is of the next version.
    const typists = this.#journal.credit();
    const content = await files.prepare({ text, dress: this.#known.dress });
    this.#known = { ...this.#known, offered: { versionHash: content.versionHash, state } };
    await this.#keep();
    if (this.#isOver) return null;
    const answer = await files.write(this.fileId, {
      content,
      base: this.#known.versionId,
      typists,
      holder,
    });
    if ("versionId" in answer) {
      this.#journal.credited();
      this.#learn({
        ...this.#known,
        versionId: answer.versionId,
        versionState: state,
        offered: undefined,
      });
      await this.#keep();
      return null;
    }
    this.#journal.takeBack();
    if (answer.refused !== "version_conflict" && answer.refused !== "not_found") {
      this.#known = { ...this.#known, offered: undefined };
      return answer.refused;
    }
    // The same may be there already: of a process that had the session before, or as somebody saved it.
    await this.#takeOver();
    return null;
  }

  /** The file is none any more that could be edited. What is in no version is put beside it. [LV9] */
  async #leave(status: "gone" | "not_text"): Promise<void> {
    // What comes from now on is not taken, and so not acknowledged.
    this.#isLeaving = true;
    if (!this.isSaved) {
      await this.#keep();
      if (this.#isOver) return;
      const content = await this.#parts.files.prepare({
        text: this.text,
        dress: this.#known.dress,
      });
      const aside = {
        content,
        typists: this.#journal.credit(),
        session: this.#known.session,
        holder: this.#parts.holder,
      };
      await this.#parts.files.setAside(this.fileId, aside);
    }
    await this.#journal.remove();
    this.#end(status);
  }

  #end(reason: LiveEnd): void {
    if (this.#isOver) return;
    this.#stop();
    this.#listener?.onEnd(reason);
  }
}
