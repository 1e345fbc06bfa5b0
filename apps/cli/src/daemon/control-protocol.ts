import type { Readable } from "node:stream";
import type { Decision, VerifyReport } from "@satchel/engine";
import type { EntryId } from "@satchel/protocol";
import type { FoundEntry } from "./sync-engine.ts";
import type { ItemReport, SyncReport } from "./sync-report.ts";

/** Something that happened, as `sync --json` and subscribers get it: one JSON object a line. */
export interface SyncEvent {
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** What the running sync of a home does for other processes of the same user, by name: arguments and result. */
export interface ControlCalls {
  status: { arguments: Record<string, never>; result: SyncReport };
  item: { arguments: { path: string }; result: ItemReport };
  /** False when the time ran out. */
  wait: { arguments: { timeoutMs: number | null }; result: boolean };
  /** What the person decided has changed: the file with it is read again. Answered when it holds. */
  reload: { arguments: Record<string, never>; result: null };
  /** Null when neither the folder nor the server has anything there. */
  find: { arguments: { path: string }; result: FoundEntry | null };
  /** What was done last about what is, or was, at a path. */
  why: { arguments: { path: string }; result: readonly Decision[] };
  /** Compares the folder with the server, which may take long. */
  verify: { arguments: { deep: boolean }; result: VerifyReport };
  /** Where the server has each of them now. */
  paths: { arguments: { ids: readonly EntryId[] }; result: readonly (string | null)[] };
  /** Answered before the sync begins to stop. */
  stop: { arguments: Record<string, never>; result: null };
  /** From then on, events come as well. */
  subscribe: { arguments: Record<string, never>; result: null };
}

export type ControlCall = keyof ControlCalls;

/** A line to the sync. Answers carry the id of their request, and come in any order. */
export interface ControlRequest {
  readonly id: number;
  readonly call: string;
  readonly arguments: unknown;
}

/** A line from the sync. */
export type ControlMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly event: SyncEvent };

/** The longest line either way, in bytes: a status with thousands of issues. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Lines of JSON. @throws SyntaxError for what is none, RangeError for a line that is too long. */
export async function* readMessages(stream: Readable): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let pending = "";
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pending += decoder.decode(piece, { stream: true });
    if (pending.length > maxLineBytes) throw new RangeError(`a line is longer than ${maxLineBytes} bytes`);
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as unknown;
  }
}

export function formatMessage(message: ControlRequest | ControlMessage): string {
  return `${JSON.stringify(message)}\n`;
}
