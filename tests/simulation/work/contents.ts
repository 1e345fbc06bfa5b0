import { hash } from "node:crypto";
import type { SeededRandom } from "@satchel/testkit";

/** Names a content, or what a link says. */
export type ContentKey = string;

const known = new WeakMap<Uint8Array, ContentKey>();

/** Bytes in a virtual disk are never changed in place once they have a name: each array is hashed once. */
export function keyOfBytes(bytes: Uint8Array): ContentKey {
  let key = known.get(bytes);
  if (key === undefined) known.set(bytes, (key = hash("sha256", bytes)));
  return key;
}

export function keyOfLink(target: string): ContentKey {
  return `-> ${target}`;
}

interface Life {
  /** How often somebody wrote it somewhere. */
  born: number;
  /** How often somebody replaced or deleted it, on a disk that had it. */
  released: number;
  readonly first: string;
  readonly writers: Set<string>;
  /** Who first put it at a path. */
  readonly putBy: Map<string, string>;
  /** Two people put it at one path. */
  isPutTwice: boolean;
}

/** A content that nobody did away with as often as it was written. */
export interface KeptContent {
  readonly key: ContentKey;
  /** Where it was first written. */
  readonly first: string;
  /** Several people wrote it, or put it at one place, and one of them did away with it. Where two put the same at one place there is one file, and whoever replaces that has done away with both. */
  readonly mayHaveBeenOne: boolean;
}

/** Every content that ever was, with who wrote it and who did away with it: what may not be lost is told from here. */
export class Contents {
  readonly #lives = new Map<ContentKey, Life>();
  #count = 0;

  /** A new content, like no other. */
  make(random: SeededRandom, who: string): Uint8Array {
    this.#count += 1;
    const text = `content ${this.#count} of ${who}\n`;
    const size = drawSize(random);
    const bytes = new Uint8Array(Math.max(text.length, size));
    new TextEncoder().encodeInto(text, bytes);
    fill(bytes.subarray(text.length), random);
    return bytes;
  }

  born(key: ContentKey, { who, path }: { readonly who: string; readonly path: string }): void {
    const life = this.#lives.get(key);
    if (life) {
      life.born += 1;
      life.writers.add(who);
    } else {
      const [writers, putBy] = [new Set([who]), new Map<string, string>()];
      this.#lives.set(key, { born: 1, released: 0, first: `${who}:${path}`, writers, putBy, isPutTwice: false });
    }
    this.put(key, { who, path });
  }

  /** Somebody wrote it there, or moved it there. */
  put(key: ContentKey, { who, path }: { readonly who: string; readonly path: string }): void {
    const life = this.#lives.get(key);
    if (!life) return;
    const other = life.putBy.get(path);
    if (other === undefined) life.putBy.set(path, who);
    else if (other !== who) life.isPutTwice = true;
  }

  /** It could not be written after all. */
  stillborn(key: ContentKey): void {
    const life = this.#lives.get(key);
    if (life) life.born -= 1;
  }

  released(key: ContentKey): void {
    const life = this.#lives.get(key);
    if (life) life.released += 1;
  }

  isKnown(key: ContentKey): boolean {
    return this.#lives.has(key);
  }

  /** How often somebody wrote it; undefined for what nobody wrote as a whole. */
  timesWritten(key: ContentKey): number | undefined {
    return this.#lives.get(key)?.born;
  }

  /** Contents that nobody did away with. */
  *kept(): Iterable<KeptContent> {
    for (const [key, { born, released, first, writers, isPutTwice }] of this.#lives)
      if (born > released) yield { key, first, mayHaveBeenOne: (writers.size > 1 || isPutTwice) && released > 0 };
  }
}

/** Mostly a line or two; some as large as makes a difference to how they travel. */
function drawSize(random: SeededRandom): number {
  const draw = random.below(100);
  if (draw < 80) return random.below(300);
  if (draw < 96) return random.below(9000);
  return draw < 99 ? 66_000 + random.below(5000) : 270_000 + random.below(150_000);
}

/** Bytes in which content-defined cutting finds places to cut; cheap to make. */
function fill(bytes: Uint8Array, random: SeededRandom): void {
  let state = random.uint32() | 1;
  for (let at = 0; at < bytes.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
}
