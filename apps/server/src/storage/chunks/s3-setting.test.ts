import assert from "node:assert/strict";
import { test } from "node:test";
import { parseS3Setting } from "./s3-setting.ts";

test("[CS46] the address of a bucket names bucket, prefix, server, region and encryption", () => {
  const direct = { endpoint: undefined };
  const none = { prefix: "", endpoint: undefined, region: undefined, encryption: undefined, direct };
  assert.deepEqual(parseS3Setting("s3://chunks"), { ...none, bucket: "chunks" });
  assert.deepEqual(parseS3Setting("s3://chunks/a/b/"), { ...none, bucket: "chunks", prefix: "a/b/" });
  assert.deepEqual(
    parseS3Setting("s3://my.bucket/p?endpoint=http://127.0.0.1:7070&region=eu-1&sse=aws:kms:arn:aws:kms:eu:1:key/2"),
    {
      bucket: "my.bucket",
      prefix: "p/",
      endpoint: "http://127.0.0.1:7070",
      region: "eu-1",
      encryption: { by: "aws:kms", keyId: "arn:aws:kms:eu:1:key/2" },
      direct: undefined,
    },
  );
  assert.deepEqual(parseS3Setting("s3://b?sse=AES256").encryption, { by: "AES256", keyId: undefined });
});

test("[CS46] clients come to S3 where its address is one for everybody, or where the setting says so", () => {
  const direct = (query: string) => parseS3Setting(`s3://b?${query}`).direct;
  const itself = { endpoint: undefined };
  assert.deepEqual(direct(""), itself);
  assert.deepEqual(direct("endpoint=https://s3.example.org"), itself);
  assert.equal(direct("endpoint=http://s3:7070"), undefined);
  assert.deepEqual(direct("endpoint=http://s3:7070&direct=on"), itself);
  assert.deepEqual(direct("endpoint=http://s3:7070&direct=https://s3.example.org"), {
    endpoint: "https://s3.example.org",
  });
  assert.equal(direct("direct=off"), undefined);
  assert.throws(() => direct("direct=ftp://x"), /direct/);
});

test("[CS46] what is wrong with it is said, and credentials in it are refused", () => {
  const wrong: [string, RegExp][] = [
    ["https://chunks", /s3:\/\/BUCKET/],
    ["s3://", /s3:\/\/BUCKET/],
    ["chunks", /s3:\/\/BUCKET/],
    ["s3://key:secret@chunks", /AWS_ACCESS_KEY_ID/],
    ["s3://chunks?endpoint=ftp://x", /endpoint/],
    ["s3://chunks?sse=AES256:key", /sse/],
    ["s3://chunks?sse=rot13", /sse/],
    ["s3://chunks?acl=public", /acl/],
  ];
  for (const [text, message] of wrong) assert.throws(() => parseS3Setting(text), message, text);
});
