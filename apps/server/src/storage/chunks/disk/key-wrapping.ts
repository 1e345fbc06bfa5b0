import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ChunkStoreKeyError } from "../chunk-store-errors.ts";

/** Encrypts data keys. A key management service is another implementation of these two calls. */
export interface KeyWrapping {
  wrap(key: Uint8Array): Promise<Uint8Array>;
  /** @throws ChunkStoreKeyError when the wrapped key was made with another master key, or is damaged. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

export const masterKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const purpose = Buffer.from("satchel data key 1");

/** Wraps by AES-256-GCM under a master key of 32 bytes: nonce, encrypted key, tag. */
export function wrapByMasterKey(masterKey: Uint8Array): KeyWrapping {
  if (masterKey.byteLength !== masterKeyBytes) throw new ChunkStoreKeyError(`a master key has ${masterKeyBytes} bytes`);
  return {
    async wrap(key) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", masterKey, nonce).setAAD(purpose);
      return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrap(wrapped) {
      try {
        const decipher = createDecipheriv("aes-256-gcm", masterKey, wrapped.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(purpose).setAuthTag(wrapped.subarray(wrapped.byteLength - tagBytes));
        return Buffer.concat([
          decipher.update(wrapped.subarray(nonceBytes, wrapped.byteLength - tagBytes)),
          decipher.final(),
        ]);
      } catch (error) {
        throw new ChunkStoreKeyError(
          "the master key does not fit this store: it was set up with another key file",
          error,
        );
      }
    },
  };
}
