import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { goesWithout, startMoto } from "@satchel/testkit";
import { parseS3Setting } from "../s3-setting.ts";
import { openS3ObjectStore } from "./s3-object-store.ts";

if (!goesWithout("keys")) {
  test("[CS47] what is put into S3 is encrypted there as the setting says: by the bucket's key, or by one of the KMS", async (t) => {
    await using moto = await startMoto();
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "satchel-test",
      AWS_SECRET_ACCESS_KEY: "satchel-test-secret",
      AWS_REGION: "us-east-1",
    });
    const client = new S3Client({ endpoint: moto.endpoint, forcePathStyle: true });
    t.after(() => client.destroy());
    await client.send(new CreateBucketCommand({ Bucket: "chunks" }));
    const bytes = new TextEncoder().encode("bytes");
    for (const [sse, by, key] of [
      ["AES256", "AES256", undefined],
      ["aws:kms:alias/chunks", "aws:kms", "alias/chunks"],
    ] as const) {
      const store = await openS3ObjectStore(parseS3Setting(`s3://chunks?endpoint=${moto.endpoint}&sse=${sse}`));
      await store.put(sse, bytes);
      const head = await client.send(new HeadObjectCommand({ Bucket: "chunks", Key: sse }));
      assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], [by, key]);
      store.close();
    }
  });
}
