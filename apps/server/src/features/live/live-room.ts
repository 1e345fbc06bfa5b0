import { liveCloseCodes, liveSteps, maxLiveBytes, type AccountId, type DeviceId } from "@satchel/protocol";
import * as Y from "yjs";
import {
  awarenessMessage,
  documentMessage,
  keptMessage,
  readMessage,
  stateMessage,
  type LiveMessage,
  type Presence,
} from "./live-messages.ts";
import { maxStateBytes } from "./found-session.ts";
import type { LiveEnd, LiveListener, LiveSession } from "./live-session.ts";
import { addedLength, liveTextName, stateOf } from "./live-text.ts";

/** Where messages go: a WebSocket, or a test. */
export interface LiveSink {
  send(message: Uint8Array): void;
  /** Bytes that were given to `send` and have not left. */
  backlogBytes(): number;
  close(code: number, reason: string): void;
}

export interface Participant {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** What others see of them. */
  readonly userName: string;
  readonly canWrite: boolean;
  readonly sink: LiveSink;
}

export interface Seat extends Participant {
  /** @throws Error for what is no message */
  receive(message: Uint8Array): void;
  leave(): void;
}

/** The most in one session. */
export const maxParticipants = 50;
/** A document with its past, and with all that isn't its text, grows to this size. */
const maxGrownBytes = 2 * maxStateBytes;
/** Whoever has more than this waiting is sent away, and asks for what is missing when they come back. */
const maxBacklogBytes = 8 * 1024 * 1024;
/** What somebody says of where they are. */
const maxPresenceLength = 4096;
/** WebSocket close codes (RFC 6455): try again later; it begins anew. */
const tryLater = 1013;
const serviceRestart = 1012;

const ends: Readonly<Record<LiveEnd, readonly [number, string]>> = {
  gone: [liveCloseCodes.fileGone, "the file is gone"],
  not_text: [liveCloseCodes.notText, "the file is no text any more"],
  lost: [serviceRestart, "the session goes on elsewhere: connect again"],
};

/** Who edits one file at the moment: what one does, all others are told. */
export class LiveRoom implements LiveListener {
  readonly #session: LiveSession;
  readonly #seats = new Set<RoomSeat>();
  /** Of the document at most: counted up, and measured when that comes to the limit. */
  #documentBytes: number;

  constructor(session: LiveSession) {
    this.#session = session;
    this.#documentBytes = stateOf(session.document).length;
    session.listen(this);
  }

  get isEmpty(): boolean {
    return this.#seats.size === 0;
  }

  get isFull(): boolean {
    return this.#seats.size >= maxParticipants;
  }

  get seats(): readonly Seat[] {
    return [...this.#seats];
  }

  /** Tells them how it stands, asks what they have that isn't here, and says who else is there. */
  join(participant: Participant): Seat {
    const seat = new RoomSeat(
      participant,
      (message) => this.#receive(seat, message),
      () => this.#leave(seat),
    );
    this.#seats.add(seat);
    seat.send(this.#stateFor(seat));
    seat.send(documentMessage("ask", Y.encodeStateVector(this.#session.document)));
    const present = [...this.#seats].flatMap((other) => other.presence ?? []);
    if (present.length > 0) seat.send(awarenessMessage(present));
    return seat;
  }

  onUpdate(update: Uint8Array, origin: unknown): void {
    const message = documentMessage("update", update);
    for (const seat of this.#seats) if (seat !== origin) seat.send(message);
  }

  onState(): void {
    for (const seat of this.#seats) seat.send(this.#stateFor(seat));
  }

  onEnd(reason: LiveEnd): void {
    for (const seat of this.#seats) seat.sink.close(...ends[reason]);
  }

  #stateFor({ canWrite }: RoomSeat): Uint8Array {
    return stateMessage({ ...this.#session.state, can_write: canWrite });
  }

  #receive(seat: RoomSeat, message: LiveMessage): void {
    if (message.kind === "awareness") return this.#place(seat, message.present);
    const { step, bytes } = message;
    if (step === liveSteps.ask)
      return seat.send(documentMessage("answer", Y.encodeStateAsUpdate(this.#session.document, bytes)));
    // Who may only look, has nothing to say; an answer to the question at the start is no offence.
    if (!seat.canWrite) return;
    if (!isEmpty(bytes) && !this.#hasRoomFor(bytes))
      return seat.sink.close(liveCloseCodes.tooLarge, "a text this long is not edited live");
    seat.received += 1;
    const { received, accountId, deviceId } = seat;
    if (isEmpty(bytes)) return seat.send(keptMessage(received));
    const onKept = (): void => seat.send(keptMessage(received));
    this.#session.edit({ update: bytes, typist: { accountId, deviceId }, onKept }, seat);
  }

  #hasRoomFor(update: Uint8Array): boolean {
    const { document } = this.#session;
    const { length } = update;
    const room = maxLiveBytes - document.getText(liveTextName).length;
    // Whoever comes back tells again all that was ever deleted: only of what might be too much it is counted what is new in it.
    if (length > room && addedLength(document, update) > room) return false;
    if (this.#documentBytes + length > maxGrownBytes) this.#documentBytes = stateOf(document).length;
    this.#documentBytes += length;
    return this.#documentBytes <= maxGrownBytes;
  }

  /** Nobody is told of a name that isn't theirs, and each has one place. */
  #place(seat: RoomSeat, present: readonly Presence[]): void {
    const taken = new Set([...this.#seats].flatMap((other) => (other === seat ? [] : (other.presence?.client ?? []))));
    const own = present.find(({ client }) => client === (seat.presence?.client ?? client) && !taken.has(client));
    if (!own || own.state.length > maxPresenceLength) return;
    seat.presence = { ...own, state: withName(own.state, seat) };
    this.#tellPresence(seat, seat.presence);
  }

  #leave(seat: RoomSeat): void {
    if (!this.#seats.delete(seat) || !seat.presence) return;
    const { client, clock } = seat.presence;
    this.#tellPresence(seat, { client, clock: clock + 1, state: "null" });
  }

  #tellPresence(from: RoomSeat, presence: Presence): void {
    const message = awarenessMessage([presence]);
    for (const seat of this.#seats) if (seat !== from) seat.send(message);
  }
}

class RoomSeat implements Seat {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly userName: string;
  readonly canWrite: boolean;
  readonly sink: LiveSink;
  /** Updates that came from here. */
  received = 0;
  presence: Presence | undefined;
  readonly #onMessage: (message: LiveMessage) => void;
  readonly leave: () => void;

  constructor(participant: Participant, onMessage: (message: LiveMessage) => void, leave: () => void) {
    this.accountId = participant.accountId;
    this.deviceId = participant.deviceId;
    this.userName = participant.userName;
    this.canWrite = participant.canWrite;
    this.sink = participant.sink;
    this.#onMessage = onMessage;
    this.leave = leave;
  }

  receive(message: Uint8Array): void {
    this.#onMessage(readMessage(message));
  }

  send(message: Uint8Array): void {
    if (this.sink.backlogBytes() > maxBacklogBytes) this.sink.close(tryLater, "too much is waiting: connect again");
    else this.sink.send(message);
  }
}

/** An update of a document that has nothing new in it: no structures, no deletions. */
function isEmpty(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0;
}

/** @throws SyntaxError for what is no JSON */
function withName(state: string, { userName, accountId }: Participant): string {
  const said: unknown = JSON.parse(state);
  if (said === null || typeof said !== "object") return "null";
  return JSON.stringify({ ...said, user: { name: userName, account: accountId } });
}
