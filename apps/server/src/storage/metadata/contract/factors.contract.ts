import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { DeviceId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { makeAccount } from "./sign-in.contract.ts";

/** Rules of second factors, and of what the OAuth provider keeps. */
export function factorsContract(getStore: () => MetadataStore): void {
  const unique = () => randomBytes(8).toString("hex");

  test("[ID20] a time step is taken once, and no earlier one after it", async () => {
    const { factors } = getStore();
    const { id: accountId } = await makeAccount(getStore());
    await factors.beginTotp(accountId, "sealed 1");
    await factors.beginTotp(accountId, "sealed 2");
    assert.deepEqual(await factors.findTotp(accountId), { sealedSecret: "sealed 2", confirmedAtMs: null, lastStep: 0 });
    assert.equal(await factors.takeTotpStep({ accountId, step: 5, confirmAtMs: 50 }), true);
    assert.equal(await factors.takeTotpStep({ accountId, step: 5, confirmAtMs: null }), false);
    assert.equal(await factors.takeTotpStep({ accountId, step: 4, confirmAtMs: null }), false);
    assert.equal(await factors.takeTotpStep({ accountId, step: 6, confirmAtMs: null }), true);
    assert.deepEqual(await factors.findTotp(accountId), { sealedSecret: "sealed 2", confirmedAtMs: 50, lastStep: 6 });
    await assert.rejects(factors.beginTotp(accountId, "sealed 3"), { code: "account_exists" });
    await factors.removeTotp(accountId);
    assert.equal(await factors.findTotp(accountId), undefined);
  });

  test("[ID21] a recovery code works once; new ones replace the old", async () => {
    const { factors } = getStore();
    const { id } = await makeAccount(getStore());
    await factors.setRecoveryCodes(id, ["a", "b"]);
    await factors.setRecoveryCodes(id, ["c", "d", "e"]);
    assert.equal(await factors.takeRecoveryCode(id, "a"), false);
    const taken = await Promise.all([factors.takeRecoveryCode(id, "c"), factors.takeRecoveryCode(id, "c")]);
    assert.deepEqual(taken.toSorted(), [false, true]);
    assert.equal(await factors.countRecoveryCodes(id), 2);
  });

  test("[ID22] a passkey is one account's, and comes back as it was", async () => {
    const { factors } = getStore();
    const { id } = await makeAccount(getStore());
    const { id: other } = await makeAccount(getStore());
    const passkey = {
      credentialId: unique(),
      accountId: id,
      name: "Phone",
      publicKey: new Uint8Array(randomBytes(77)),
      counter: 3,
      transports: ["internal", "hybrid"],
      createdAtMs: 9,
      lastUsedAtMs: null,
    };
    await factors.addPasskey(passkey);
    await assert.rejects(factors.addPasskey({ ...passkey, accountId: other }), { code: "account_exists" });
    const found = await factors.findPasskey(passkey.credentialId);
    assert.deepEqual(found && { ...found, publicKey: new Uint8Array(found.publicKey) }, passkey);
    await factors.usePasskey(passkey.credentialId, { counter: 4, nowMs: 12 });
    const [used] = await factors.listPasskeys(id);
    assert.deepEqual([used?.counter, used?.lastUsedAtMs], [4, 12]);
    await assert.rejects(factors.removePasskey(other, passkey.credentialId), { code: "not_found" });
    await factors.removePasskey(id, passkey.credentialId);
    assert.deepEqual(await factors.listPasskeys(id), []);
  });

  test("[ID30] what the OAuth provider keeps is found by id, uid and user code until it expires, and ends with its grant", async () => {
    const { oauth, identity } = getStore();
    const { id: accountId } = await makeAccount(getStore());
    const deviceId = `device-${unique()}` as DeviceId;
    await oauth.createGrantDevice({
      id: deviceId,
      accountId,
      name: "App",
      clientId: "c",
      scopes: "files.read",
      nowMs: 1,
    });
    const [hash, uidHash, userCodeHash] = [unique(), unique(), unique()];
    const record = { payload: "1", accountId, grantId: deviceId, uidHash, userCodeHash, expiresAtMs: 100 };
    await oauth.put("DeviceCode", hash, record);
    await oauth.put("DeviceCode", hash, { ...record, payload: "2" });
    await oauth.consume("DeviceCode", hash, 50);
    const found = { idHash: hash, payload: "2", consumedAtMs: 50 };
    assert.deepEqual(await oauth.find("DeviceCode", hash, 99), found);
    assert.deepEqual(await oauth.findByUid("DeviceCode", uidHash, 99), found);
    assert.deepEqual(await oauth.findByUserCode("DeviceCode", userCodeHash, 99), found);
    assert.equal(await oauth.find("DeviceCode", hash, 100), undefined);
    assert.equal(await oauth.find("Session", hash, 99), undefined);
    await oauth.revokeGrant(deviceId, 60);
    assert.equal(await oauth.find("DeviceCode", hash, 99), undefined);
    assert.equal((await identity.findDevice(deviceId))?.device.revokedAtMs, 60);
    await oauth.put("DeviceCode", hash, record);
    await oauth.destroy("DeviceCode", hash);
    assert.equal(await oauth.find("DeviceCode", hash, 99), undefined);
  });

  test("[ID36] a browser that signs in to the same client again goes on with its device, until that is revoked", async () => {
    const { oauth, identity } = getStore();
    const { id: accountId } = await makeAccount(getStore());
    const { id: other } = await makeAccount(getStore());
    const browser = unique();
    const make = (change: object = {}) =>
      oauth.createGrantDevice({
        id: `device-${unique()}` as DeviceId,
        accountId,
        name: "Firefox",
        clientId: "web",
        scopes: "files.read",
        browser,
        nowMs: 1,
        ...change,
      });
    const first = await make();
    assert.equal(await make({ scopes: "files.read files.write", name: "Firefox 2" }), first);
    const { device } = (await identity.findDevice(first)) ?? {};
    assert.deepEqual([device?.name, device?.scopes], ["Firefox 2", "files.read files.write"]);
    assert.equal((await identity.listDevices(accountId)).length, 1);
    for (const change of [{ browser: unique() }, { browser: undefined }, { clientId: "x" }, { accountId: other }])
      assert.notEqual(await make(change), first);
    await identity.revokeDevice(accountId, first, 5);
    assert.notEqual(await make(), first);
  });

  test("[ID34] a program's login becomes a device, without limits, once its first refresh token is taken", async () => {
    const { oauth, identity } = getStore();
    const { id: accountId } = await makeAccount(getStore());
    const { id: stranger } = await makeAccount(getStore());
    const deviceId = `device-${unique()}` as DeviceId;
    await oauth.createGrantDevice({ id: deviceId, accountId, name: "Laptop", clientId: "c", scopes: "x", nowMs: 1 });
    const grant = { payload: "1", accountId, grantId: deviceId, uidHash: null, userCodeHash: null, expiresAtMs: 100 };
    await oauth.put("Grant", deviceId, grant);
    const token = { tokenHash: unique(), deviceId, expiresAtMs: 100 };
    assert.equal(await identity.adoptDevice(stranger, token), false);
    assert.equal(await identity.adoptDevice(accountId, token), true);
    assert.equal(await identity.adoptDevice(accountId, token), true);
    const adopted = (await identity.findDevice(deviceId))?.device;
    assert.deepEqual([adopted?.kind, adopted?.scopes, adopted?.name], ["device", null, "Laptop"]);
    assert.equal(await oauth.find("Grant", deviceId, 2), undefined);
    const next = { tokenHash: unique(), expiresAtMs: 100 };
    const rotation = await identity.rotateRefreshToken({ tokenHash: token.tokenHash, next, nowMs: 3 });
    assert.equal(rotation.outcome, "rotated");
    assert.equal(await identity.adoptDevice(accountId, token), false);
  });

  test("[ID31] programs of others are added, listed and removed", async () => {
    const { oauth } = getStore();
    const client = { id: unique(), name: "Reader", redirectUris: ["https://reader.example.org/cb"], createdAtMs: 5 };
    await oauth.addClient(client);
    assert.deepEqual(await oauth.findClient(client.id), client);
    assert.ok((await oauth.listClients()).some(({ id }) => id === client.id));
    await oauth.removeClient(client.id);
    assert.equal(await oauth.findClient(client.id), undefined);
    await assert.rejects(oauth.removeClient(client.id), { code: "not_found" });
  });
}
