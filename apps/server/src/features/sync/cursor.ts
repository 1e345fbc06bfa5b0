import { cursorSchema, ProblemError, type Cursor } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";

const pattern = /^([0-9]{1,15})\.([A-Za-z0-9_-]{1,30})(?:\.([0-9]{1,15}))?(?:\.m([0-9a-z]{1,11}))?$/;

/** `SEQUENCE.EPOCH`, in the middle of a listing `SEQUENCE.EPOCH.LISTINGHEAD`, and `.m` with the time of the last change where it is known; opaque to everybody else. */
export function encodeCursor({ sequence, epoch, listingHead, madeAtMs }: FeedPosition): Cursor {
  const listing = listingHead === undefined ? "" : `.${listingHead}`;
  const made = madeAtMs === undefined ? "" : `.m${madeAtMs.toString(36)}`;
  return `${sequence}.${epoch}${listing}${made}` as Cursor;
}

/** @throws bad_cursor when the text was never a cursor of any server. */
export function parseCursor(text: string): FeedPosition {
  const [, sequence, epoch, listingHead, madeAt] = cursorSchema.safeParse(text).success
    ? (pattern.exec(text) ?? [])
    : [];
  if (sequence === undefined || epoch === undefined) throw new ProblemError("bad_cursor");
  return {
    sequence: Number(sequence),
    epoch,
    ...(listingHead !== undefined && { listingHead: Number(listingHead) }),
    ...(madeAt !== undefined && { madeAtMs: Number.parseInt(madeAt, 36) }),
  };
}
