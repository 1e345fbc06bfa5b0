import { liveCloseCodes, ProblemError, workspaceOfEntry, type DeviceId, type EntryId } from "@satchel/protocol";
import type { Bus, CommittedMessage } from "../../storage/bus/bus.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { LiveRoom, type LiveSink, type Seat } from "./live-room.ts";
import { LiveSession, type LiveParts } from "./live-session.ts";

/** The most that one process has open at a time; whoever asks for one more is asked to come back later. */
export const maxOpenSessions = 1000;
/** How long a session without anybody waits for somebody to come back. */
const emptyMs = 5000;
/** So many forsaken sessions are looked after at a time. */
const maxForsaken = 20;
/** WebSocket close code: the server goes away (RFC 6455). */
const goingAway = 1001;

/** Texts that are edited by several people at a time. */
export interface LiveSessions {
  /** @throws not_found, forbidden, unavailable where there is no room */
  requireOpenable(caller: Caller, fileId: EntryId): Promise<void>;
  /**
   * Takes part, until the seat is left. `session` names the one that the caller's document comes from, if it has one.
   * @throws not_found also for what is no text, forbidden, version_conflict for another session than the caller's, unavailable when it is another process's
   */
  join(caller: Caller, request: JoinRequest): Promise<Pick<Seat, "receive" | "leave">>;
  /** Writes what was typed where a process died. Called from time to time. */
  tendForsaken(): Promise<void>;
  /** Ends the seats of those who may not be there any more, since messages about rights may get lost. */
  endForbidden(isSignedIn: (deviceId: DeviceId) => Promise<boolean>): Promise<void>;
  /** Writes everything, and ends all sessions. */
  close(): Promise<void>;
}

export interface JoinRequest {
  readonly fileId: EntryId;
  readonly session: string | undefined;
  readonly sink: LiveSink;
}

interface SessionsParts extends LiveParts {
  readonly authorisation: Authorisation;
  readonly bus: Bus;
}

export function createLiveSessions(parts: SessionsParts): LiveSessions {
  return new OpenSessions(parts);
}

interface Place {
  readonly caller: Caller;
  readonly fileId: EntryId;
}

class OpenRoom {
  readonly session: LiveSession;
  readonly room: LiveRoom;
  cancelClose = (): void => {};
  /** Another one of the same file may be open since. */
  isClosed = false;

  constructor(session: LiveSession) {
    this.session = session;
    this.room = new LiveRoom(session);
  }
}

class OpenSessions implements LiveSessions {
  readonly #parts: SessionsParts;
  readonly #open = new Map<EntryId, Promise<OpenRoom>>();
  readonly #closing = new Map<EntryId, Promise<void>>();
  readonly #places = new Map<Seat, Place>();
  readonly #unsubscribe: () => void;
  #isClosed = false;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.bus.subscribe((message) => {
      if (message.kind === "committed") this.#look((fileId) => concerns(message, fileId));
      if (message.kind === "gap") this.#look(() => true);
      if (message.kind === "device_revoked") this.#endLogin(message.deviceId);
      if (message.kind === "rights_changed") {
        const { accountId, workspaceId } = message;
        for (const [{ sink, ...seat }, { fileId }] of this.#places)
          if (seat.accountId === accountId && workspaceOfEntry(fileId) === workspaceId)
            sink.close(liveCloseCodes.rightsChanged, "the rights in this folder changed");
      }
    });
  }

  async requireOpenable(caller: Caller, fileId: EntryId): Promise<void> {
    await this.#parts.authorisation.requireEntry(caller, fileId);
    if (this.#isClosed || (this.#open.size >= maxOpenSessions && !this.#open.has(fileId))) throw noRoom();
  }

  async join(caller: Caller, { fileId, session: asked, sink }: JoinRequest): Promise<Pick<Seat, "receive" | "leave">> {
    await this.requireOpenable(caller, fileId);
    const open = await this.#find(fileId);
    // Asked once the session is there: a change of rights meanwhile would have found no seat to end.
    await this.#parts.authorisation.requireEntry(caller, fileId);
    const canWrite = await this.#canWrite(caller, fileId);
    if (open.room.isFull || open.isClosed || open.session.isOver) throw noRoom();
    if (asked !== undefined && asked !== open.session.state.session)
      throw new ProblemError("version_conflict", "this is another session than the one that the document comes from");
    open.cancelClose();
    const { accountId, deviceId, userName } = caller;
    const seat = open.room.join({ accountId, deviceId, userName, canWrite, sink });
    this.#places.set(seat, { caller, fileId });
    return {
      receive: (message) => seat.receive(message),
      leave: () => {
        seat.leave();
        this.#places.delete(seat);
        if (open.room.isEmpty) this.#closeLater(open);
      },
    };
  }

  async tendForsaken(): Promise<void> {
    const { store, host, onFailure } = this.#parts;
    for (const fileId of await store.listForsaken({ nowMs: host.nowMs(), limit: maxForsaken })) {
      if (this.#isClosed || this.#open.has(fileId)) continue;
      // What is gone or no text is put aside by opening it.
      await this.#find(fileId).catch((error: unknown) => {
        if (!(error instanceof ProblemError)) onFailure(error);
      });
    }
  }

  async endForbidden(isSignedIn: (deviceId: DeviceId) => Promise<boolean>): Promise<void> {
    for (const [{ sink, deviceId, canWrite }, { caller, fileId }] of this.#places) {
      if (!(await isSignedIn(deviceId))) sink.close(liveCloseCodes.loginEnded, "the login ended");
      else if (!(await this.#canRead(caller, fileId)) || (await this.#canWrite(caller, fileId)) !== canWrite)
        sink.close(liveCloseCodes.rightsChanged, "the rights in this folder changed");
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    for (const { sink } of this.#places.keys()) sink.close(goingAway, "the server is stopping");
    for (const opening of this.#open.values()) {
      const open = await opening.catch(() => undefined);
      if (open) this.#closeNow(open);
    }
    await Promise.all(this.#closing.values());
  }

  async #find(fileId: EntryId): Promise<OpenRoom> {
    const opening = this.#open.get(fileId);
    const known = await opening;
    if (known && !known.session.isOver && !known.isClosed) return known;
    if (known) this.#closeNow(known);
    await this.#closing.get(fileId);
    const begun = this.#open.get(fileId);
    if (begun) return await begun;
    if (this.#isClosed) throw noRoom();
    const beginning = LiveSession.open(this.#parts, fileId).then((session) => {
      const open = new OpenRoom(session);
      this.#closeLater(open);
      return open;
    });
    this.#open.set(fileId, beginning);
    beginning.catch(() => this.#open.delete(fileId));
    return await beginning;
  }

  /** Unless somebody comes. */
  #closeLater(open: OpenRoom): void {
    open.cancelClose();
    open.cancelClose = this.#parts.host.after(emptyMs, () => {
      if (open.room.isEmpty) this.#closeNow(open);
    });
  }

  /** Whoever comes meanwhile waits for the end of it. */
  #closeNow(open: OpenRoom): void {
    const { fileId } = open.session;
    open.cancelClose();
    if (open.isClosed) return;
    open.isClosed = true;
    this.#open.delete(fileId);
    const closed = open.session
      .close()
      .catch(this.#parts.onFailure)
      .finally(() => this.#closing.delete(fileId));
    this.#closing.set(fileId, closed);
  }

  #look(isConcerned: (fileId: EntryId) => boolean): void {
    for (const [fileId, opening] of this.#open) {
      if (isConcerned(fileId))
        opening.then(
          ({ session }) => session.look(),
          () => undefined,
        );
    }
  }

  #endLogin(deviceId: DeviceId): void {
    for (const { sink, ...seat } of this.#places.keys())
      if (seat.deviceId === deviceId) sink.close(liveCloseCodes.loginEnded, "the login ended");
  }

  async #canRead(caller: Caller, fileId: EntryId): Promise<boolean> {
    return await isAllowed(() => this.#parts.authorisation.requireEntry(caller, fileId));
  }

  async #canWrite(caller: Caller, fileId: EntryId): Promise<boolean> {
    const { authorisation } = this.#parts;
    return await isAllowed(async () =>
      authorisation.requireEntry(authorisation.requireRight(caller, "files.write"), fileId),
    );
  }
}

async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

/** Whether a commit may have done something to the file: to itself, or to a folder that it may be in. */
function concerns({ workspaceId, changes, isComplete }: CommittedMessage, fileId: EntryId): boolean {
  if (workspaceId !== workspaceOfEntry(fileId)) return false;
  return (
    !isComplete ||
    changes.some(({ kind, entry }) => entry.id === fileId || (entry.type === "folder" && kind === "deleted"))
  );
}

function noRoom(): ProblemError {
  return new ProblemError("unavailable", "this can't be edited together at the moment", {
    retryAfterSeconds: 5,
  });
}
