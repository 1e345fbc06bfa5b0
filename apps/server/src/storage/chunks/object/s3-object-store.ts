import type { S3Client } from "@aws-sdk/client-s3";
import { hash as digest } from "node:crypto";
import type { S3Place } from "../s3-setting.ts";
import { ObjectStoreError, ObjectStoreFullError, type ObjectStore } from "./object-store.ts";

/** How long S3 has to take a connection, and to begin an answer. */
const connectMs = 3000;
const answerMs = 20_000;
/** A request is tried this often before it counts as failed; the library waits longer from try to try. */
const maxAttempts = 3;
const maxConnections = 64;
const insufficientStorage = 507;

/**
 * Objects in a bucket. The checksum of each goes along in a signed header, so that S3 refuses other bytes. Credentials are found as Amazon's tools find them: environment, profile, or the machine's role.
 * The library is loaded here, so that a server without S3 never has it in memory.
 * @throws ObjectStoreError when the bucket can't be used
 */
export async function openS3ObjectStore(place: S3Place): Promise<ObjectStore> {
  const s3 = await import("@aws-sdk/client-s3");
  const client = new s3.S3Client({
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint, forcePathStyle: true }),
    ...(place.region === undefined ? {} : { region: place.region }),
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      httpAgent: { maxSockets: maxConnections },
      httpsAgent: { maxSockets: maxConnections },
    },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const { bucket: Bucket, encryption } = place;
  const keyOf = (key: string): string => `${place.prefix}${key}`;
  await requireBucket(client, () => client.send(new s3.HeadBucketCommand({ Bucket })), place);
  const addresses = place.direct && (await import("./s3-addresses.ts")).createS3Addresses(client, place);
  return {
    async put(key, bytes) {
      const command = new s3.PutObjectCommand({
        Bucket,
        Key: keyOf(key),
        Body: bytes,
        ContentLength: bytes.byteLength,
        ChecksumSHA256: digest("sha256", bytes, "base64"),
        ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.by, SSEKMSKeyId: encryption.keyId }),
      });
      await asking("writing to S3", () => client.send(command));
    },
    get: ({ key, offset, length }) =>
      asking("reading from S3", async () => {
        const Range = `bytes=${offset}-${offset + length - 1}`;
        const found = await unlessAbsent(client.send(new s3.GetObjectCommand({ Bucket, Key: keyOf(key), Range })));
        const bytes = await found?.Body?.transformToByteArray();
        return bytes?.byteLength === length ? bytes : undefined;
      }),
    look: (key) =>
      asking("looking into S3", async () => {
        const command = new s3.HeadObjectCommand({ Bucket, Key: keyOf(key), ChecksumMode: "ENABLED" });
        const found = await unlessAbsent(client.send(command));
        if (found?.ContentLength === undefined) return undefined;
        const checksum = found.ChecksumSHA256;
        return {
          sizeBytes: found.ContentLength,
          sha256: checksum === undefined ? undefined : Buffer.from(checksum, "base64").toString("hex"),
        };
      }),
    addresses,
    async remove(keys) {
      if (keys.length === 0) return;
      const Objects = keys.map((key) => ({ Key: keyOf(key) }));
      const command = new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const { Errors: [refused] = [] } = await asking("removing from S3", () => client.send(command));
      if (refused)
        throw new ObjectStoreError(`S3 does not remove an object: ${refused.Code ?? ""} ${refused.Message ?? ""}`);
    },
    close: () => client.destroy(),
  };
}

async function requireBucket(client: S3Client, ask: () => Promise<unknown>, { bucket }: S3Place): Promise<void> {
  try {
    await ask();
  } catch (error) {
    client.destroy();
    throw new ObjectStoreError(`the bucket ${bucket} of --blobs can't be used: ${whatFailed(error)}`, error);
  }
}

async function asking<Answer>(doing: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const Failure = isFull(error) ? ObjectStoreFullError : ObjectStoreError;
    throw new Failure(`${doing}: ${whatFailed(error)}`, error);
  }
}

/** Amazon's S3 never is; servers that speak its language on disks of one's own say so by this status, or by a name. */
function isFull(error: unknown): boolean {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === insufficientStorage || name === "XMinioStorageFull" || name === "QuotaExceeded";
}

async function unlessAbsent<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (["NoSuchKey", "NotFound", "InvalidRange"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** In words that name no key: S3's errors carry a code as their name. */
function whatFailed(error: unknown): string {
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === 404) return "it does not exist";
  if (status === 403 || status === 401) return "the credentials have no right to it";
  return [name, message].filter((word) => word && word !== "Error").join(": ") || "it did not answer";
}
