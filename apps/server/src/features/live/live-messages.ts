import { liveMessages, liveSteps, type LiveState } from "@satchel/protocol";
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from "lib0/encoding";

/** Where somebody is in the text: JSON, or null for one who left. A higher clock replaces a lower one. */
export interface Presence {
  /** The number of their document. */
  readonly client: number;
  readonly clock: number;
  readonly state: string;
}

export type LiveMessage =
  | { readonly kind: "document"; readonly step: number; readonly bytes: Uint8Array }
  | { readonly kind: "awareness"; readonly present: readonly Presence[] };

/** More of them are in no message. */
const maxPresent = 100;

/** What a client may send. @throws Error for anything else */
export function readMessage(bytes: Uint8Array): LiveMessage {
  const decoder = createDecoder(bytes);
  const kind = readVarUint(decoder);
  if (kind === liveMessages.document)
    return { kind: "document", step: readVarUint(decoder), bytes: readVarUint8Array(decoder) };
  if (kind !== liveMessages.awareness) throw new Error("this is no message of a live session");
  const inner = createDecoder(readVarUint8Array(decoder));
  const count = readVarUint(inner);
  if (count > maxPresent) throw new Error("so many are not told of at once");
  const present = Array.from({ length: count }, () => ({
    client: readVarUint(inner),
    clock: readVarUint(inner),
    state: readVarString(inner),
  }));
  return { kind: "awareness", present };
}

export function documentMessage(step: keyof typeof liveSteps, bytes: Uint8Array): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.document);
  writeVarUint(encoder, liveSteps[step]);
  writeVarUint8Array(encoder, bytes);
  return toUint8Array(encoder);
}

export function awarenessMessage(present: readonly Presence[]): Uint8Array {
  const inner = createEncoder();
  writeVarUint(inner, present.length);
  for (const { client, clock, state } of present) {
    writeVarUint(inner, client);
    writeVarUint(inner, clock);
    writeVarString(inner, state);
  }
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.awareness);
  writeVarUint8Array(encoder, toUint8Array(inner));
  return toUint8Array(encoder);
}

export function stateMessage(state: LiveState): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.state);
  writeVarString(encoder, JSON.stringify(state));
  return toUint8Array(encoder);
}

export function keptMessage(count: number): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.kept);
  writeVarUint(encoder, count);
  return toUint8Array(encoder);
}
