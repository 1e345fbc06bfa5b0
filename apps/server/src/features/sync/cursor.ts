import { cursorSchema, ProblemError, type Cursor } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";

const pattern = /^([0-9]{1,15})\.([A-Za-z0-9_-]{1,40})$/;

/** `SEQUENCE.EPOCH`; opaque to everybody else. */
export function encodeCursor({ sequence, epoch }: FeedPosition): Cursor {
  return `${sequence}.${epoch}` as Cursor;
}

/** @throws bad_cursor when the text was never a cursor of any server. */
export function parseCursor(text: string): FeedPosition {
  const [, sequence, epoch] = cursorSchema.safeParse(text).success ? (pattern.exec(text) ?? []) : [];
  if (sequence === undefined || epoch === undefined) throw new ProblemError("bad_cursor");
  return { sequence: Number(sequence), epoch };
}
