import type { PictureWish } from "@satchel/api-client";

/** Asked for at a time; a page has six connections to its server, and not all are for pictures. */
const maxInFlight = 4;
/** Small pictures, of some 10 KB, that are remembered beyond those in sight. */
const maxRemembered = 400;
/** A large one counts as so many of them. */
const weightOfLarge = 10;
/** What is scrolled past sooner isn't asked for, in milliseconds. */
const restMs = 80;

/** Undefined while it isn't known; null where there is none. */
export type PictureAddress = string | null | undefined;

interface SmallPicturesParts {
  /** @throws the signal's reason */
  readonly load: (wish: PictureWish, signal: AbortSignal) => Promise<Uint8Array | undefined>;
  readonly makeAddress: (picture: Uint8Array) => string;
  readonly dropAddress: (address: string) => void;
}

export interface SmallPictures {
  known(wish: PictureWish): PictureAddress;
  /** Wants a picture until the answer is called; nobody wants it any more: it is not loaded, or no further. */
  want(wish: PictureWish, onKnown: () => void): () => void;
}

interface Wanted {
  readonly wish: PictureWish;
  readonly watchers: Set<() => void>;
  address: PictureAddress;
  loading: AbortController | undefined;
  /** It could not be had: known to be none only while it is in sight, since the next try may find it. */
  hasFailed: boolean;
}

/** Small pictures of files' versions: a few are loaded at a time, what came into sight last first, and some are remembered. */
export function createSmallPictures({ load, makeAddress, dropAddress }: SmallPicturesParts): SmallPictures {
  /** By key, in the order of last use: what nobody wants stands before what was wanted since. */
  const pictures = new Map<string, Wanted>();
  let inFlight = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;

  function pump(): void {
    const waiting = [...pictures.values()].filter(isWaiting);
    while (inFlight < maxInFlight) {
      const next = waiting.pop();
      if (!next) return;
      inFlight += 1;
      fetchOne(next).finally(endTurn).catch(tell);
    }
  }

  function endTurn(): void {
    inFlight -= 1;
    pump();
  }

  async function fetchOne(picture: Wanted): Promise<void> {
    const ending = new AbortController();
    picture.loading = ending;
    try {
      const bytes = await load(picture.wish, ending.signal);
      if (!ending.signal.aborted) picture.address = bytes ? makeAddress(bytes) : null;
    } catch {
      // What is gone, or not this account's any more, has no picture, and its row is about to say so; a busy server or a lost connection is over soon.
      if (!ending.signal.aborted) [picture.address, picture.hasFailed] = [null, true];
    }
    if (picture.loading === ending) picture.loading = undefined;
    for (const onKnown of picture.watchers) onKnown();
    forgetOldest();
  }

  function forgetOldest(): void {
    let tooMany = pictures.values().reduce((sum, picture) => sum + weightOf(picture), -maxRemembered);
    for (const [key, picture] of pictures) {
      if (tooMany <= 0) return;
      const { watchers, address } = picture;
      if (watchers.size > 0) continue;
      pictures.delete(key);
      if (typeof address === "string") dropAddress(address);
      tooMany -= weightOf(picture);
    }
  }

  return {
    known: (wish) => pictures.get(keyOf(wish))?.address,
    want(wish, onKnown) {
      const key = keyOf(wish);
      const picture = pictures.get(key) ?? newlyWanted(wish);
      pictures.delete(key);
      pictures.set(key, picture);
      picture.watchers.add(onKnown);
      if (picture.address === undefined) {
        clearTimeout(resting);
        resting = setTimeout(pump, restMs);
      }
      return () => {
        picture.watchers.delete(onKnown);
        if (picture.watchers.size > 0 || (picture.address !== undefined && !picture.hasFailed)) return;
        picture.loading?.abort();
        picture.loading = undefined;
        if (pictures.get(key) === picture) pictures.delete(key);
      };
    },
  };
}

function newlyWanted(wish: PictureWish): Wanted {
  return { wish, watchers: new Set(), address: undefined, loading: undefined, hasFailed: false };
}

function weightOf({ wish }: Wanted): number {
  return wish.size === 256 ? 1 : weightOfLarge;
}

function keyOf({ fileId, versionId, size }: PictureWish): string {
  return `${fileId} ${versionId ?? ""} ${size}`;
}

/** Somebody looks at where it belongs, and nobody fetches it yet. */
function isWaiting({ address, loading, watchers }: Wanted): boolean {
  return address === undefined && !loading && watchers.size > 0;
}

/** Seen by whoever looks at the browser's console; what can't be had is no failure, and ends before. */
function tell(error: unknown): void {
  reportError(error);
}
