import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { goesWithout } from "@satchel/testkit";
import { testKeyService, type KeyServiceUnderTest } from "./key-service.contract.ts";
import { parseKeyService } from "./key-service-setting.ts";
import { openPlayedKms, type PlayedKms } from "./moto.fixture.ts";
import { openRealVault } from "./openbao.fixture.ts";

if (!goesWithout("keys")) {
  let vault: (KeyServiceUnderTest & AsyncDisposable) | undefined;
  let kms: PlayedKms | undefined;
  before(async () => void ([vault, kms] = await Promise.all([openRealVault(), openPlayedKms()])));
  after(async () => {
    await vault?.[Symbol.asyncDispose]();
    await kms?.[Symbol.asyncDispose]();
  });
  testKeyService("OpenBao", async () => vault ?? assert.fail());
  testKeyService("moto's KMS", async () => kms ?? assert.fail());

  test("[SE54] OpenBao makes no key for a name that somebody got wrong: the token may not, and that is told", async () => {
    const { setting, environment } = vault ?? assert.fail();
    await assert.rejects(
      parseKeyService(`${setting}l`, environment).wrap(randomBytes(32)),
      /answered 403: .*permission/,
    );
  });

  test("[SE54] what moto's KMS wrapped for us opens for no other purpose, not even for the key's owner", async () => {
    const { setting, environment, ask, keyArn } = kms ?? assert.fail();
    const key = randomBytes(32);
    const CiphertextBlob = await parseKeyService(setting, environment).wrap(key);
    const open = (EncryptionContext: object) => ask("Decrypt", { KeyId: keyArn, CiphertextBlob, EncryptionContext });
    const right = await open({ purpose: "satchel master key" });
    assert.equal(right.answer["Plaintext"], key.toString("base64"));
    for (const context of [{}, { purpose: "backup" }]) assert.equal((await open(context)).status, 400);
  });
}
