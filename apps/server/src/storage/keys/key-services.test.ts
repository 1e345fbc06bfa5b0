import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { signAwsRequest } from "./aws-signature.ts";
import { KeyServiceError } from "./key-service.ts";
import { parseKeyService } from "./key-service-setting.ts";
import { startKms, startVault } from "./key-services.fixture.ts";

test("[SE54] requests to AWS are signed as in the example that AWS publishes", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html, formerly of the General Reference.
  const { authorization } = signAwsRequest(
    {
      method: "GET",
      url: new URL("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"),
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: "",
    },
    {
      credentials: {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: undefined,
      },
      region: "us-east-1",
      service: "iam",
      nowMs: Date.UTC(2015, 7, 30, 12, 36, 0),
    },
  );
  assert.equal(
    authorization,
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  );
});

test("[SE54] Vault wraps and unwraps, also after it turned its key, and its refusals are told", async (t) => {
  const vault = await startVault(t);
  const open = (token: string, key = "satchel") =>
    parseKeyService(`vault:${vault.address}/transit/${key}`, { VAULT_TOKEN: token });
  const service = open(vault.token);
  const key = randomBytes(32);
  const wrapped = await service.wrap(key);
  assert.match(wrapped, /^vault:v1:/);
  vault.rotate();
  assert.deepEqual(Uint8Array.from(await service.unwrap(wrapped)), Uint8Array.from(key));
  assert.match(await service.wrap(key), /^vault:v2:/);
  assert.deepEqual(vault.calls.slice(0, 2), ["POST /v1/transit/encrypt/satchel", "POST /v1/transit/decrypt/satchel"]);
  await assert.rejects(open("another").wrap(key), /answered 403: .*permission denied/);
  await assert.rejects(open(vault.token, "none").wrap(key), /answered 400: .*key not found/);
  await assert.rejects(service.unwrap("vault:v1:AAAA"), /answered 400/);
});

test("[SE54] KMS wraps and unwraps with signed requests, and a wrong secret is refused", async (t) => {
  const kms = await startKms(t);
  const env = {
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    AWS_ACCESS_KEY_ID: kms.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: kms.credentials.secretAccessKey,
  };
  const service = parseKeyService(`aws:${kms.region}/alias/satchel`, env);
  const key = randomBytes(32);
  assert.deepEqual(Uint8Array.from(await service.unwrap(await service.wrap(key))), Uint8Array.from(key));
  const thief = parseKeyService(`aws:${kms.region}/alias/satchel`, { ...env, AWS_SECRET_ACCESS_KEY: "guessed" });
  await assert.rejects(thief.wrap(key), /IncompleteSignatureException/);
  await assert.rejects(service.unwrap("AAAA"), /InvalidCiphertextException/);
});

test("[SE54] a service that can't be reached is named, and a setting that can't be right says what it should be", async () => {
  const gone = parseKeyService("vault:http://127.0.0.1:1/transit/satchel", { VAULT_TOKEN: "t" });
  await assert.rejects(gone.wrap(randomBytes(32)), (error: Error) => {
    assert.ok(error instanceof KeyServiceError);
    assert.match(error.message, /^Vault's key satchel at http:\/\/127\.0\.0\.1:1 can't be asked/);
    return true;
  });
  for (const [setting, env] of [
    ["keyring", {}],
    ["vault:ftp://x/transit/k", { VAULT_TOKEN: "t" }],
    ["vault:https://x/k", { VAULT_TOKEN: "t" }],
    ["vault:https://x/transit/k", {}],
    ["aws:k", {}],
    ["aws:eu-central-1/k", {}],
  ] as const)
    assert.throws(() => parseKeyService(setting, env), RangeError, setting);
});
