import { liveMessages, liveStateSchema, liveSteps, type LiveState } from "@satchel/protocol";
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from "lib0/encoding";

/** Where somebody is, as it is told: JSON, or null of one who left. A higher clock replaces a lower one. */
export interface Presence {
  readonly client: number;
  readonly clock: number;
  readonly state: string;
}

/** What the server of a live session says; `other` is passed over, so that a newer server may say more. */
export type LiveMessage =
  | { readonly kind: "ask" | "edit"; readonly step: number; readonly bytes: Uint8Array }
  | { readonly kind: "presence"; readonly present: readonly Presence[] }
  | { readonly kind: "state"; readonly state: LiveState }
  | { readonly kind: "kept"; readonly count: number }
  | { readonly kind: "other" };

/** More of them are in no message. */
const maxPresent = 1000;

/** docs/spec/live.md, "On the wire". @throws Error for what is no message */
export function readLiveMessage(bytes: Uint8Array): LiveMessage {
  const decoder = createDecoder(bytes);
  switch (readVarUint(decoder)) {
    case liveMessages.document: {
      const step = readVarUint(decoder);
      return { kind: step === liveSteps.ask ? "ask" : "edit", step, bytes: readVarUint8Array(decoder) };
    }
    case liveMessages.awareness:
      return { kind: "presence", present: readPresent(readVarUint8Array(decoder)) };
    case liveMessages.state:
      return { kind: "state", state: liveStateSchema.parse(JSON.parse(readVarString(decoder))) };
    case liveMessages.kept:
      return { kind: "kept", count: readVarUint(decoder) };
    default:
      return { kind: "other" };
  }
}

function readPresent(bytes: Uint8Array): Presence[] {
  const decoder = createDecoder(bytes);
  const count = readVarUint(decoder);
  if (count > maxPresent) throw new Error("so many are not told of at once");
  return Array.from({ length: count }, () => ({
    client: readVarUint(decoder),
    clock: readVarUint(decoder),
    state: readVarString(decoder),
  }));
}

export function documentMessage(step: keyof typeof liveSteps, bytes: Uint8Array): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.document);
  writeVarUint(encoder, liveSteps[step]);
  writeVarUint8Array(encoder, bytes);
  return toUint8Array(encoder);
}

export function presenceMessage({ client, clock, state }: Presence): Uint8Array {
  const inner = createEncoder();
  writeVarUint(inner, 1);
  writeVarUint(inner, client);
  writeVarUint(inner, clock);
  writeVarString(inner, state);
  const encoder = createEncoder();
  writeVarUint(encoder, liveMessages.awareness);
  writeVarUint8Array(encoder, toUint8Array(inner));
  return toUint8Array(encoder);
}
