import { cursorSchema, ProblemError, type Cursor } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";

const pattern = /^([0-9]{1,15})\.([A-Za-z0-9_-]{1,30})(?:\.([0-9]{1,15}))?$/;

/** `SEQUENCE.EPOCH`, and in the middle of a listing `SEQUENCE.EPOCH.LISTINGHEAD`; opaque to everybody else. */
export function encodeCursor({ sequence, epoch, listingHead }: FeedPosition): Cursor {
  return `${sequence}.${epoch}${listingHead === undefined ? "" : `.${listingHead}`}` as Cursor;
}

/** @throws bad_cursor when the text was never a cursor of any server. */
export function parseCursor(text: string): FeedPosition {
  const [, sequence, epoch, listingHead] = cursorSchema.safeParse(text).success ? (pattern.exec(text) ?? []) : [];
  if (sequence === undefined || epoch === undefined) throw new ProblemError("bad_cursor");
  return { sequence: Number(sequence), epoch, ...(listingHead !== undefined && { listingHead: Number(listingHead) }) };
}
