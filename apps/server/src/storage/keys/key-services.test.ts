import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { signAwsRequest } from "./aws-signature.ts";
import { testKeyService } from "./key-service.contract.ts";
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

testKeyService("a stand-in for Vault", async (t) => {
  const vault = await startVault(t);
  return {
    setting: `vault:${vault.address}/transit/satchel`,
    foreignSetting: `vault:${vault.address}/transit/others`,
    environment: { VAULT_TOKEN: vault.token },
    strangers: { VAULT_TOKEN: "s.guessed" },
    turn: async () => vault.rotate(),
  };
});

testKeyService("a stand-in for KMS", async (t) => {
  const { endpoint, region, credentials } = await startKms(t);
  const environment = {
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return {
    setting: `aws:${region}/alias/satchel`,
    foreignSetting: `aws:${region}/alias/none`,
    environment,
    strangers: { ...environment, AWS_SECRET_ACCESS_KEY: "guessed" },
    turn: async () => undefined,
  };
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
