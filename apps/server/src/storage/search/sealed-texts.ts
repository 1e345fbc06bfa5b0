import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Of a piece's HMAC, in bytes: of ten million pieces, one in thirty million has another's. What is found is compared with its text. */
const pieceBytes = 6;
/** Pieces whose seals are remembered, since most words come again and again: some 10 MB. */
const maxRemembered = 100_000;
const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
/** The most bytes that an opened text may have; what is kept is far below. */
const maxOpenedBytes = 1024 * 1024;

/** Keeps words and texts from whoever reads the index without the server's key. The same piece gives the same seal, so how often each comes can be counted still. */
export interface TextSeal {
  /** Tells whether an index was made with the same key. */
  readonly keyPrint: string;
  /** Lower-case hex. */
  piece(piece: string): string;
  text(text: string, of: string): Uint8Array;
  /** Undefined where it isn't what was sealed for this. */
  open(sealed: Uint8Array, of: string): string | undefined;
}

export function createTextSeal(key: Uint8Array): TextSeal {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync("sha256", key, "satchel search", purpose, 32));
  const pieceKey = derive("pieces 1");
  const textKey = derive("texts 1");
  let remembered = new Map<string, string>();
  return {
    keyPrint: hash("sha256", derive("print 1")).slice(0, 16),
    piece(piece) {
      const known = remembered.get(piece);
      if (known !== undefined) return known;
      const sealed = createHmac("sha256", pieceKey)
        .update(piece)
        .digest("hex")
        .slice(0, 2 * pieceBytes);
      if (remembered.size >= maxRemembered) remembered = new Map();
      remembered.set(piece, sealed);
      return sealed;
    },
    text(text, of) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, textKey, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(of));
      const body = Buffer.concat([sealing.update(zstdCompressSync(text)), sealing.final()]);
      return Buffer.concat([nonce, body, sealing.getAuthTag()]);
    },
    open(sealed, of) {
      try {
        const nonce = sealed.subarray(0, nonceBytes);
        const opening = createDecipheriv(cipher, textKey, nonce, { authTagLength: tagBytes })
          .setAAD(Buffer.from(of))
          .setAuthTag(sealed.subarray(-tagBytes));
        const body = Buffer.concat([opening.update(sealed.subarray(nonceBytes, -tagBytes)), opening.final()]);
        return zstdDecompressSync(body, { maxOutputLength: maxOpenedBytes }).toString();
      } catch {
        return undefined;
      }
    },
  };
}
