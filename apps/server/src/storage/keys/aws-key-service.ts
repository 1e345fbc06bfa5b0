import { z } from "zod";
import { signAwsRequest, type AwsCredentials } from "./aws-signature.ts";
import { askKeyService, KeyServiceError, type KeyService } from "./key-service.ts";

export interface AwsKeyOptions {
  readonly region: string;
  /** An id, ARN or alias, such as `alias/satchel`. */
  readonly keyId: string;
  /** Such as `https://kms.eu-central-1.amazonaws.com`, or that of a compatible service. */
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  readonly nowMs: () => number;
}

const wrappedSchema = z.object({ CiphertextBlob: z.base64() });
const unwrappedSchema = z.object({ Plaintext: z.base64() });
/** Bound to the ciphertext: it opens only with the same. */
const context = { purpose: "satchel master key" };

/** AWS KMS and what speaks as it does (https://docs.aws.amazon.com/kms/latest/APIReference). */
export function awsKeyService({ region, keyId, endpoint, credentials, nowMs }: AwsKeyOptions): KeyService {
  const name = `the KMS key ${keyId} in ${region}`;
  const ask = (action: "Encrypt" | "Decrypt", parameters: object): Promise<unknown> => {
    const url = new URL("/", endpoint);
    const body = JSON.stringify({ KeyId: keyId, EncryptionContext: context, ...parameters });
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` };
    const request = { method: "POST", url, headers, body } as const;
    const signed = signAwsRequest(request, { credentials, region, service: "kms", nowMs: nowMs() });
    return askKeyService(name, { url: url.href, headers: signed, body });
  };
  return {
    name,
    async wrap(plain) {
      const answer = wrappedSchema.safeParse(
        await ask("Encrypt", { Plaintext: Buffer.from(plain).toString("base64") }),
      );
      if (!answer.success) throw new KeyServiceError(`${name} gave no ciphertext`);
      return answer.data.CiphertextBlob;
    },
    async unwrap(wrapped) {
      const answer = unwrappedSchema.safeParse(await ask("Decrypt", { CiphertextBlob: wrapped }));
      if (!answer.success) throw new KeyServiceError(`${name} gave no plaintext`);
      return Buffer.from(answer.data.Plaintext, "base64");
    },
  };
}
