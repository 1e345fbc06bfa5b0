import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import type { ChunkHash } from "@satchel/protocol";

/** SHA-256 in lower-case hex. A page that came over plain HTTP has no WebCrypto (W3C Web Cryptography, section 5): there a portable one is used, at a tenth of the rate. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<ChunkHash> {
  const digest = globalThis.isSecureContext
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
    : portableSha256(bytes);
  return digest.toHex() as ChunkHash;
}

/** The same at once, for the few bytes of a manifest. */
export function sha256Sync(bytes: Uint8Array): ChunkHash {
  return portableSha256(bytes).toHex() as ChunkHash;
}
