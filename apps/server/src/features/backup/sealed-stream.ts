import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** First in every sealed stream. */
const magic = Buffer.from("SATSEAL1");
const prefixBytes = 7; // zero: each stream has its own key
const tagBytes = 16;
const lengthBytes = 4;
/** Of plaintext in one frame. */
const maxFrameBytes = 1024 * 1024;

/** What was read is no sealed stream, was cut off or altered, or the key is another. */
export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError";
}

/**
 * Encrypts a stream in frames of AES-256-GCM, so that it can be read without being held in memory, and no frame can be altered, left out, doubled, moved or cut off unseen: the nonce of each says its place, and whether it is the last. (The STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár, CRYPTO 2015.) Each stream has a key of its own, derived from `key` with a random salt.
 */
export async function* sealStream(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(16);
  const frameKey = deriveKey(key, salt);
  yield Buffer.concat([magic, salt]);
  let number = 0;
  let frame: Uint8Array | undefined;
  for await (const next of frames(source)) {
    if (frame) yield sealFrame(frameKey, { number: number++, isLast: false, bytes: frame });
    frame = next;
  }
  yield sealFrame(frameKey, { number, isLast: true, bytes: frame ?? new Uint8Array() });
}

/** The plaintext of {@link sealStream}. Bytes that were given out are right, and it is complete only when this ends without an error. @throws SealBrokenError */
export async function* openStream(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ExactReader(source);
  const head = await reader.read(magic.byteLength + 16);
  if (!head?.subarray(0, magic.byteLength).equals(magic)) throw new SealBrokenError("this is no sealed file");
  const frameKey = deriveKey(key, head.subarray(magic.byteLength));
  for (let number = 0, isLast = false; !isLast; number += 1) {
    const length = (await reader.read(lengthBytes))?.readUInt32BE();
    if (length === undefined || length > maxFrameBytes)
      throw new SealBrokenError("the sealed file is cut off or damaged");
    const sealed = await reader.read(length + tagBytes);
    if (!sealed) throw new SealBrokenError("the sealed file is cut off");
    isLast = await reader.isAtEnd();
    yield openFrame(frameKey, { number, isLast, bytes: sealed });
  }
}

interface Frame {
  readonly number: number;
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

function sealFrame(key: Uint8Array, { number, isLast, bytes }: Frame): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes.byteLength);
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(number, isLast));
  return Buffer.concat([length, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function openFrame(key: Uint8Array, { number, isLast, bytes }: Frame): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(number, isLast), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(bytes.byteLength - tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, bytes.byteLength - tagBytes)), decipher.final()]);
  } catch (error) {
    throw new SealBrokenError("the key is another, or the sealed file is damaged", { cause: error });
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(prefixBytes + 5);
  nonce.writeUInt32BE(number, prefixBytes);
  nonce.writeUInt8(isLast ? 1 : 0, prefixBytes + 4);
  return nonce;
}

function deriveKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, salt, "satchel sealed stream 1", 32));
}

/** Any pieces as pieces of a frame's size; the last may be smaller. */
async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.byteLength;) {
      const part = piece.subarray(at, at + maxFrameBytes - bytes);
      waiting.push(part);
      bytes += part.byteLength;
      at += part.byteLength;
      if (bytes < maxFrameBytes) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

/** Reads so many bytes at a time as are asked for. */
class ExactReader {
  readonly #source: AsyncIterator<Uint8Array, undefined>;
  #rest: Buffer = Buffer.alloc(0);
  #isEnded = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  }

  /** Undefined when fewer are left. */
  async read(count: number): Promise<Buffer | undefined> {
    const pieces = [this.#rest];
    let bytes = this.#rest.byteLength;
    while (bytes < count && !this.#isEnded) {
      const next = await this.#source.next();
      if (next.done) this.#isEnded = true;
      else {
        pieces.push(Buffer.from(next.value));
        bytes += next.value.byteLength;
      }
    }
    const all = pieces.length === 1 ? this.#rest : Buffer.concat(pieces);
    this.#rest = all.subarray(Math.min(count, bytes));
    return bytes < count ? undefined : all.subarray(0, count);
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.byteLength === 0 && !this.#isEnded) {
      const next = await this.#source.next();
      if (next.done) this.#isEnded = true;
      else this.#rest = Buffer.from(next.value);
    }
    return this.#rest.byteLength === 0;
  }
}
