import { describePassage, findPassage, type EntryId, type Passage, type Span } from "@satchel/protocol";
import * as Y from "yjs";
import type { CommentStore } from "../../storage/metadata/comment-store.ts";
import { openPassage, sealPassage } from "./sealed-comment.ts";

/** The text of a live session, as it is now. */
interface SessionText {
  readonly session: string;
  readonly text: Y.Text;
}

interface FollowParts {
  readonly store: Pick<CommentStore, "list" | "putPassages">;
  readonly key: Uint8Array;
  readonly nowMs: () => number;
}

/** So long is taken for the passages of one version, in milliseconds: nobody holds up a server with words that take long to be found. Those that it doesn't come to stay as they were last known. */
const maxFollowMs = 200;

/** Keeps what comments are about true to a live session's text: how it reads now, so that it is found without the session, and where it is in it. [CM5] */
export async function followPassages(
  { store, key, nowMs }: FollowParts,
  fileId: EntryId,
  now: SessionText,
): Promise<void> {
  const comments = await store.list(fileId);
  const untilMs = nowMs() + maxFollowMs;
  const words = now.text.toJSON();
  let isLate = false;
  const moved = comments.flatMap(({ id: threadId, sealedPassage }) => {
    if (sealedPassage === null || isLate) return [];
    const before = openPassage(key, threadId, sealedPassage);
    const after = before && followPassage(before, now, words);
    isLate = nowMs() > untilMs;
    return after ? [{ threadId, sealedPassage: sealPassage(key, threadId, after) }] : [];
  });
  if (moved.length > 0) await store.putPassages(fileId, moved);
}

/** Undefined where nothing changed, and where its words are no more: then the last that was known of them stays. `words`: all of the text. */
export function followPassage(
  passage: Passage,
  { session, text }: SessionText,
  words: string = text.toJSON(),
): Passage | undefined {
  const anchored = passage.anchor?.session === session ? spanOf(text, passage.anchor) : undefined;
  const span = anchored ?? findPassage(words, passage);
  if (!span) return undefined;
  const described = describePassage(words, span);
  // Where its place is known, it stays the one that it was: it grows and shrinks with its words.
  const anchor = anchored ? passage.anchor : { session, ...anchorOf(text, span) };
  const isSame =
    anchored &&
    described.quote === passage.quote &&
    described.before === passage.before &&
    described.after === passage.after;
  return isSame ? undefined : { ...described, anchor };
}

/** Undefined for words that are all deleted, and for what is no place in this text. */
export function spanOf(
  text: Y.Text,
  { start, end }: { readonly start: string; readonly end: string },
): Span | undefined {
  const [from, to] = [placeOf(text, start), placeOf(text, end)];
  return from !== undefined && to !== undefined && from < to ? { start: from, end: to } : undefined;
}

/** The start goes with the word behind it, the end with the one before: what is written beside the passage is not in it. */
export function anchorOf(text: Y.Text, { start, end }: Span): { readonly start: string; readonly end: string } {
  const at = (place: number, side: 0 | -1): string =>
    Buffer.from(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, place, side))).toString("base64");
  return { start: at(start, 0), end: at(end, -1) };
}

function placeOf(text: Y.Text, position: string): number | undefined {
  if (!text.doc) return undefined;
  try {
    const relative = Y.decodeRelativePosition(Buffer.from(position, "base64"));
    // A place of a passage is at one of its characters; asked for any other, Yjs adds a text of a name that somebody made up.
    if (relative.item === null) return undefined;
    const place = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return place?.type === text ? place.index : undefined;
  } catch {
    return undefined;
  }
}
