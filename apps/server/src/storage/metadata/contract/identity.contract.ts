import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { makeWorkspaceId, type AccountId, type DeviceId } from "@satchel/protocol";
import type { NewAccount } from "../identity-store.ts";
import type { MetadataStore } from "../metadata-store.ts";

/** Rules of accounts, devices and their tokens. */
export function identityContract(getStore: () => MetadataStore): void {
  const unique = () => randomBytes(8).toString("hex");

  function newAccount(name = `Name-${unique()}`): NewAccount {
    return {
      id: `account-${unique()}` as AccountId,
      name,
      email: `${name}@example.org`,
      emailConfirmed: "try",
      passwordHash: "hash",
      isAdmin: true,
      quotaBytes: 123,
      rootWorkspaceId: makeWorkspaceId(randomBytes(10)),
      epoch: "e",
      nowMs: 1,
    };
  }

  async function makeAccount(): Promise<NewAccount> {
    const account = newAccount();
    await getStore().identity.createAccount(account);
    return account;
  }

  async function makeDevice(account: NewAccount, tokenHash = unique()): Promise<DeviceId> {
    const id = `device-${unique()}` as DeviceId;
    const token = { tokenHash, deviceId: id, expiresAtMs: 1000 };
    await getStore().identity.createDevice({ id, accountId: account.id, name: "laptop", nowMs: 2 }, token);
    return id;
  }

  const rotate = (tokenHash: string, next: string, nowMs = 10) =>
    getStore().identity.rotateRefreshToken({ tokenHash, next: { tokenHash: next, expiresAtMs: 1000 }, nowMs });
  const isRevoked = async (id: DeviceId) => (await getStore().identity.findDevice(id))?.device.revokedAtMs !== null;

  test("[MD50] account names are one without case", async () => {
    const { identity, ledger } = getStore();
    const account = await makeAccount();
    await assert.rejects(identity.createAccount(newAccount(account.name.toUpperCase())), { code: "account_exists" });
    const found = await identity.findAccountByName(account.name.toLowerCase());
    const { epoch: _, nowMs, ...rest } = account;
    assert.deepEqual(found, { ...rest, emailConfirmed: true, disabledAtMs: null, createdAtMs: nowMs });
    assert.deepEqual(await identity.findAccount(account.id), found);
    assert.equal(await identity.findAccountByName("nobody"), undefined);
    assert.deepEqual(await ledger.usage(account.rootWorkspaceId), { usedBytes: 0, quotaBytes: 123 });
  });

  test("accounts are listed by name", async () => {
    const { identity } = getStore();
    const prefix = `list-${unique()}`;
    for (const name of ["c", "A", "b"]) await identity.createAccount(newAccount(`${prefix}-${name}`));
    const listed = await identity.listAccounts({ after: `${prefix}-a`, limit: 2 });
    assert.deepEqual(
      listed.map((account) => account.name),
      [`${prefix}-b`, `${prefix}-c`],
    );
  });

  test("administrators are listed, without those that are disabled", async () => {
    const { identity } = getStore();
    const [one, two, other] = [newAccount(`a-${unique()}`), newAccount(`b-${unique()}`), newAccount(`c-${unique()}`)];
    for (const account of [one, two, other]) await identity.createAccount({ ...account, isAdmin: account !== other });
    const listed = async () => {
      const ids = (await identity.listAdministrators()).map(({ id }) => id);
      return [one, two, other].map(({ id }) => ids.includes(id));
    };
    assert.deepEqual(await listed(), [true, true, false]);
    await identity.setAccountDisabled(two.id, true, 5);
    assert.deepEqual(await listed(), [true, false, false]);
  });

  test("[MD51] disabling, and a password change that asks for it, revoke the devices", async () => {
    const { identity } = getStore();
    const account = await makeAccount();
    const first = await makeDevice(account);
    await identity.setPassword(account.id, "other", { revokeDevices: false, nowMs: 3 });
    assert.equal(await isRevoked(first), false);
    await identity.setPassword(account.id, "third", { revokeDevices: true, nowMs: 3 });
    assert.equal(await isRevoked(first), true);
    assert.equal((await identity.findAccount(account.id))?.passwordHash, "third");
    const second = await makeDevice(account);
    await identity.setAccountDisabled(account.id, true, 4);
    assert.equal(await isRevoked(second), true);
    assert.equal((await identity.findAccount(account.id))?.disabledAtMs, 4);
    await identity.setAccountDisabled(account.id, false, 5);
    assert.equal((await identity.findAccount(account.id))?.disabledAtMs, null);
    const nobody = "nobody" as AccountId;
    await assert.rejects(identity.setAccountDisabled(nobody, true, 1), { code: "not_found" });
    await assert.rejects(identity.setPassword(nobody, "x", { revokeDevices: true, nowMs: 1 }), { code: "not_found" });
  });

  test("devices are found with their account, listed, touched and revoked", async () => {
    const { identity } = getStore();
    const [account, other] = [await makeAccount(), await makeAccount()];
    const id = await makeDevice(account);
    await identity.touchDevice(id, 7);
    const found = await identity.findDevice(id);
    const unlimited = { kind: "device", clientId: null, scopes: null, expiresAtMs: null };
    const times = { createdAtMs: 2, lastSeenAtMs: 7, revokedAtMs: null };
    const device = { id, accountId: account.id, name: "laptop", ...unlimited, ...times };
    assert.deepEqual([found?.device, found?.account.name], [device, account.name]);
    assert.deepEqual(await identity.listDevices(account.id), [device]);
    await assert.rejects(identity.revokeDevice(other.id, id, 8), { code: "not_found" });
    await identity.revokeDevice(account.id, id, 8);
    await identity.revokeDevice(account.id, id, 9);
    assert.equal((await identity.findDevice(id))?.device.revokedAtMs, 8);
    assert.equal(await identity.findDevice("none" as DeviceId), undefined);
  });

  test("[MD52] a lost answer is asked again with the same next token, until that one is used", async () => {
    const [first, second, third] = [unique(), unique(), unique()];
    const id = await makeDevice(await makeAccount(), first);
    assert.equal((await rotate(first, second)).outcome, "rotated");
    assert.equal((await rotate(first, second)).outcome, "rotated");
    assert.equal((await rotate(second, third)).outcome, "rotated");
    assert.equal(await isRevoked(id), false);
    assert.equal((await rotate(first, second)).outcome, "reused");
    assert.equal(await isRevoked(id), true);
    assert.equal((await rotate(third, unique())).outcome, "revoked");
  });

  test("[MD52] an exchanged token with another next one is reuse", async () => {
    const [first, second] = [unique(), unique()];
    const id = await makeDevice(await makeAccount(), first);
    await rotate(first, second);
    const outcome = await rotate(first, unique());
    assert.deepEqual([outcome.outcome, await isRevoked(id)], ["reused", true]);
  });

  test("[MD52] unknown, expired and disabled are told apart", async () => {
    const { identity } = getStore();
    const account = await makeAccount();
    const [first, second] = [unique(), unique()];
    await makeDevice(account, first);
    assert.equal((await rotate(unique(), unique())).outcome, "unknown");
    assert.equal((await rotate(first, unique(), 1000)).outcome, "expired");
    await identity.setAccountDisabled(account.id, true, 4);
    await makeDevice(account, second);
    assert.equal((await rotate(second, unique())).outcome, "disabled");
  });

  test("[MD53] a join code works once, in time, for an account that is enabled", async () => {
    const { identity } = getStore();
    const account = await makeAccount();
    const make = async () => {
      const secretHash = unique();
      await identity.createJoinCode({ secretHash, accountId: account.id, expiresAtMs: 100 });
      return secretHash;
    };
    const code = await make();
    assert.equal((await identity.redeemJoinCode(code, 99))?.id, account.id);
    assert.equal(await identity.redeemJoinCode(code, 99), undefined);
    assert.equal(await identity.redeemJoinCode(await make(), 100), undefined);
    const last = await make();
    await identity.setAccountDisabled(account.id, true, 4);
    assert.equal(await identity.redeemJoinCode(last, 99), undefined);
  });
}
