import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { goesWithout, startS3, type RunningS3 } from "@satchel/testkit";
import { openInThreadMetadataStore } from "../../metadata/sqlite/open-in-thread.ts";
import { chunkOf, chunkStoreContract } from "../chunk-store.contract.ts";
import { ChunkStoreFailedError } from "../chunk-store-errors.ts";
import { withCircuitBreaker } from "./guarded-object-store.ts";
import { ObjectChunkStore } from "./object-chunk-store.ts";
import { openS3ObjectStore } from "./s3-object-store.ts";
import { parseS3Setting } from "../s3-setting.ts";

if (!goesWithout("s3")) {
  describe("chunks in S3", () => {
    let s3: RunningS3;
    before(async () => {
      s3 = await startS3();
      Object.assign(process.env, s3.environment);
    });
    after(() => s3.stop());

    async function open() {
      const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
      const clock = { nowMs: 1_000_000 };
      const prefix = randomBytes(8).toString("hex");
      const place = parseS3Setting(s3.url.replace("?", `/${prefix}?`));
      const openStore = async () =>
        new ObjectChunkStore({
          objects: withCircuitBreaker(await openS3ObjectStore(place), Date.now),
          places: metadata.places,
          now: () => clock.nowMs,
        });
      return { store: await openStore(), openStore, clock, prefix, closeMetadata: () => metadata.close() };
    }

    chunkStoreContract("the store in a real S3", async () => {
      const under = await open();
      let { store } = under;
      const reopen = async () => {
        await store.close();
        store = await under.openStore();
        return store;
      };
      const dispose = async () => {
        await store.close();
        await under.closeMetadata();
      };
      return { store, clock: under.clock, reopen, dispose };
    });

    test("[CS47] S3 itself refuses bytes that are not those of the signed checksum", async () => {
      const client = new S3Client({ endpoint: s3.endpoint, forcePathStyle: true });
      const put = (body: string) =>
        client.send(
          new PutObjectCommand({
            Bucket: s3.bucket,
            Key: "checked",
            Body: body,
            ChecksumSHA256: createHash("sha256").update("right").digest("base64"),
          }),
        );
      await put("right");
      await assert.rejects(put("wrong"), /checksum|digest|match/i);
      client.destroy();
    });

    test("[CS47] S3 is told to encrypt as the setting says, and the checksum is part of the signature", async () => {
      const asked: IncomingHttpHeaders[] = [];
      const standIn = createServer((request, response) => {
        asked.push(request.headers);
        request.resume().on("end", () => response.end());
      }).listen(0, "127.0.0.1");
      await once(standIn, "listening");
      const { port } = standIn.address() as AddressInfo;
      const store = await openS3ObjectStore(
        parseS3Setting(`s3://chunks?endpoint=http://127.0.0.1:${port}&sse=aws:kms:key-1`),
      );
      await store.put("key", new TextEncoder().encode("bytes"));
      const headers = asked.at(-1);
      assert.deepEqual(
        [headers?.["x-amz-server-side-encryption"], headers?.["x-amz-server-side-encryption-aws-kms-key-id"]],
        ["aws:kms", "key-1"],
      );
      assert.equal(headers?.["x-amz-checksum-sha256"], createHash("sha256").update("bytes").digest("base64"));
      assert.match(String(headers?.authorization), /SignedHeaders=[^,]*x-amz-checksum-sha256/);
      store.close();
      standIn.closeAllConnections();
      standIn.close();
    });

    test("[CS44] while S3 is away calls are refused, and what was stored before is there when it is back", async () => {
      const { store, prefix, closeMetadata } = await open();
      await store.put([chunkOf("before")]);
      await s3.kill();
      await assert.rejects(store.put([chunkOf("meanwhile")]), ChunkStoreFailedError);
      await assert.rejects(store.get([chunkOf("before").hash]), ChunkStoreFailedError);
      await s3.restart();
      await store.put([chunkOf("meanwhile")]);
      const got = await store.get(["before", "meanwhile"].map((text) => chunkOf(text).hash));
      assert.deepEqual(
        got.map((bytes) => new TextDecoder().decode(bytes)),
        ["before", "meanwhile"],
      );
      assert.equal((await readdir(`${s3.directory}/${prefix}`)).length, 2);
      await store.close();
      await closeMetadata();
    });

    test("[CS46] a bucket that doesn't exist, and credentials without a right to it, are told when the store opens", async () => {
      const place = parseS3Setting(s3.url);
      await assert.rejects(openS3ObjectStore({ ...place, bucket: "nowhere" }), /bucket nowhere .* does not exist/);
      process.env["AWS_SECRET_ACCESS_KEY"] = "wrong";
      await assert.rejects(openS3ObjectStore(place), /bucket chunks .* no right/);
      process.env["AWS_SECRET_ACCESS_KEY"] = s3.environment["AWS_SECRET_ACCESS_KEY"];
    });
  });
}
