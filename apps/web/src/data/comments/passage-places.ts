import { describePassage, findPassage, type Passage, type Span } from "@satchel/protocol";
import * as Y from "yjs";
import type { SharedText } from "../live/shared-text.ts";

/** Where a passage is in a document: it goes with its words from then on, whatever is typed. */
export interface PassagePlaces {
  readonly start: Y.RelativePosition;
  readonly end: Y.RelativePosition;
}

/** By its places where it has some in this session, else by how it reads; undefined where its words are no more. [CM5] */
export function placesOf({ text, session }: SharedText, passage: Passage): PassagePlaces | undefined {
  const { anchor } = passage;
  const anchored = anchor !== null && anchor.session === session ? decode(anchor) : undefined;
  if (anchored && spanOf(text, anchored)) return anchored;
  const found = findPassage(text.toJSON(), passage);
  return found && placesAt(text, found);
}

/** Undefined for words that are all deleted, and for what is no place in this text. */
export function spanOf(text: Y.Text, { start, end }: PassagePlaces): Span | undefined {
  const [from, to] = [indexOf(text, start), indexOf(text, end)];
  return from !== undefined && to !== undefined && from < to ? { start: from, end: to } : undefined;
}

/** What a comment on these words is about. */
export function passageAt({ text, session }: SharedText, span: Span): Passage {
  const described = describePassage(text.toJSON(), span);
  const { start, end } = placesAt(text, { start: span.start, end: span.start + described.quote.length });
  return { ...described, anchor: session === undefined ? null : { session, start: encode(start), end: encode(end) } };
}

/** The start goes with the word behind it, the end with the one before: what is typed beside the passage is not in it. */
function placesAt(text: Y.Text, { start, end }: Span): PassagePlaces {
  return {
    start: Y.createRelativePositionFromTypeIndex(text, start, 0),
    end: Y.createRelativePositionFromTypeIndex(text, end, -1),
  };
}

function indexOf(text: Y.Text, position: Y.RelativePosition): number | undefined {
  if (!text.doc) return undefined;
  const place = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
  return place?.type === text ? place.index : undefined;
}

function encode(position: Y.RelativePosition): string {
  return btoa(String.fromCharCode(...Y.encodeRelativePosition(position)));
}

/** Undefined for what is no place at a character, whoever said so: asked for others, Yjs throws, or adds a text of a name that somebody made up. */
function decode({ start, end }: { readonly start: string; readonly end: string }): PassagePlaces | undefined {
  const read = (place: string): Y.RelativePosition =>
    Y.decodeRelativePosition(Uint8Array.from(atob(place), (character) => character.charCodeAt(0)));
  try {
    const places = { start: read(start), end: read(end) };
    return places.start.item && places.end.item ? places : undefined;
  } catch {
    return undefined;
  }
}
