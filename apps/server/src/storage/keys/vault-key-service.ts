import { z } from "zod";
import { askKeyService, KeyServiceError, type KeyService } from "./key-service.ts";

export interface VaultOptions {
  /** Such as `https://vault.example.org:8200`. */
  readonly address: string;
  /** Where the transit engine is mounted, such as `transit`. */
  readonly mount: string;
  readonly key: string;
  readonly token: string;
  readonly namespace: string | undefined;
}

const wrappedSchema = z.object({ data: z.object({ ciphertext: z.string().startsWith("vault:") }) });
const unwrappedSchema = z.object({ data: z.object({ plaintext: z.base64() }) });

/** HashiCorp Vault's and OpenBao's transit engine (https://developer.hashicorp.com/vault/api-docs/secret/transit). */
export function vaultKeyService({ address, mount, key, token, namespace }: VaultOptions): KeyService {
  const name = `Vault's key ${key} at ${address}`;
  const headers = {
    "content-type": "application/json",
    "x-vault-token": token,
    "x-vault-request": "true",
    ...(namespace !== undefined && { "x-vault-namespace": namespace }),
  };
  const ask = (action: "encrypt" | "decrypt", body: object): Promise<unknown> =>
    askKeyService(name, {
      url: `${address}/v1/${mount}/${action}/${encodeURIComponent(key)}`,
      headers,
      body: JSON.stringify(body),
    });
  return {
    name,
    async wrap(plain) {
      const answer = wrappedSchema.safeParse(
        await ask("encrypt", { plaintext: Buffer.from(plain).toString("base64") }),
      );
      if (!answer.success) throw new KeyServiceError(`${name} gave no ciphertext`);
      return answer.data.data.ciphertext;
    },
    async unwrap(wrapped) {
      const answer = unwrappedSchema.safeParse(await ask("decrypt", { ciphertext: wrapped }));
      if (!answer.success) throw new KeyServiceError(`${name} gave no plaintext`);
      return Buffer.from(answer.data.data.plaintext, "base64");
    },
  };
}
