import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { makeWorkspaceId, type AccountId, type DeviceId } from "@satchel/protocol";
import type { NewAccount } from "../identity-store.ts";
import type { MetadataStore } from "../metadata-store.ts";
import type { BrowserSession } from "../sign-in-store.ts";

const unique = () => randomBytes(8).toString("hex");

/** A new account, for what follows. */
export async function makeAccount(store: MetadataStore, change: Partial<NewAccount> = {}): Promise<NewAccount> {
  const name = `name-${unique()}`;
  const account: NewAccount = {
    id: `account-${unique()}` as AccountId,
    name,
    email: `${name}@example.org`,
    emailConfirmed: "claim",
    passwordHash: "hash",
    isAdmin: false,
    quotaBytes: null,
    rootWorkspaceId: makeWorkspaceId(randomBytes(10)),
    epoch: "e",
    nowMs: 1,
    ...change,
  };
  await store.identity.createAccount(account);
  return account;
}

function newSession(accountId: AccountId, change: Partial<BrowserSession> = {}): BrowserSession {
  return {
    sessionHash: unique(),
    accountId,
    browser: "Firefox on Linux",
    methods: "pwd",
    createdAtMs: 1,
    authenticatedAtMs: 1,
    lastSeenAtMs: 1,
    expiresAtMs: 100,
    ...change,
  };
}

/** Rules of what sign-in keeps: names and addresses, one-time secrets, browser sessions, linked identities, app passwords. */
export function signInContract(getStore: () => MetadataStore): void {
  test("[ID1] a name that looks like another one is taken", async () => {
    const { identity } = getStore();
    const name = `will${unique()}`;
    await makeAccount(getStore(), { name });
    for (const alike of [name.toUpperCase(), name.replace("will", "wi1l"), name.replace("w", "vv")]) {
      assert.equal(await identity.isNameTaken(alike), true, alike);
      await assert.rejects(makeAccount(getStore(), { name: alike }), { code: "account_exists" });
    }
    assert.equal(await identity.isNameTaken(`another-${unique()}`), false);
  });

  test("[ID2] a confirmed address is one account's, without case; an unconfirmed one is nobody's", async () => {
    const { identity } = getStore();
    const email = `Ann-${unique()}@Example.org`;
    const stranger = await makeAccount(getStore(), { email, emailConfirmed: "no" });
    assert.equal(await identity.findAccountByEmail(email), undefined);
    const owner = await makeAccount(getStore(), { email });
    assert.equal((await identity.findAccountByEmail(email.toUpperCase()))?.id, owner.id);
    await assert.rejects(makeAccount(getStore(), { email }), { code: "account_exists" });
    const later = await makeAccount(getStore(), { email, emailConfirmed: "try" });
    assert.equal((await identity.findAccount(later.id))?.emailConfirmed, false);
    await assert.rejects(identity.setEmail(stranger.id, email, { nowMs: 5 }), { code: "account_exists" });
    await identity.setEmail(owner.id, `new-${email}`, { nowMs: 5 });
    await identity.setEmail(stranger.id, email, { nowMs: 5 });
    assert.equal((await identity.findAccountByEmail(email))?.id, stranger.id);
  });

  test("[ID63] a new address ends every login but the one that asked, in one go; the same address ends none", async () => {
    const { identity, signIn, oauth } = getStore();
    const email = `ann-${unique()}@example.org`;
    const { id } = await makeAccount(getStore(), { email });
    const own = newSession(id);
    await signIn.createSession(own);
    const deviceId = `device-${unique()}` as DeviceId;
    await oauth.createGrantDevice({ id: deviceId, accountId: id, name: "App", clientId: "c", scopes: "x", nowMs: 1 });
    const options = { keepSession: own.sessionHash, nowMs: 7 };
    assert.deepEqual(await identity.setEmail(id, email.toUpperCase(), options), []);
    assert.deepEqual(await identity.setEmail(id, `new-${email}`, options), [deviceId]);
    assert.ok(await signIn.findSession(own.sessionHash, 9));
    const other = await makeAccount(getStore(), { email });
    await assert.rejects(identity.setEmail(other.id, `new-${email}`, { nowMs: 8 }), { code: "account_exists" });
  });

  test("[ID3] a one-time secret works once, for its purpose, until it expires", async () => {
    const { signIn } = getStore();
    const { id: accountId } = await makeAccount(getStore());
    const secret = { purpose: "reset_password", accountId, payload: "{}", expiresAtMs: 100 } as const;
    const secretHash = unique();
    await signIn.putSecret(secretHash, secret);
    const query = { secretHash, purpose: "reset_password", nowMs: 99 } as const;
    assert.equal(await signIn.takeSecret({ ...query, purpose: "sign_up" }), undefined);
    assert.equal(await signIn.takeSecret({ ...query, nowMs: 100 }), undefined);
    assert.deepEqual(await signIn.findSecret(query), secret);
    const taken = await Promise.all([signIn.takeSecret(query), signIn.takeSecret(query)]);
    assert.deepEqual(
      taken.filter((one) => one !== undefined),
      [secret],
    );
    await signIn.putSecret(secretHash, secret);
    const nextHash = unique();
    await signIn.replaceSecrets(nextHash, secret);
    assert.equal(await signIn.findSecret(query), undefined);
    assert.deepEqual(await signIn.findSecret({ ...query, secretHash: nextHash }), secret);
  });

  test("[ID4] a browser session ends by itself, by signing out, and with its account", async () => {
    const { signIn, identity } = getStore();
    const { id } = await makeAccount(getStore());
    const session = newSession(id);
    await signIn.createSession(session);
    assert.deepEqual((await signIn.findSession(session.sessionHash, 99))?.session, session);
    assert.equal(await signIn.findSession(session.sessionHash, 100), undefined);
    const change = { lastSeenAtMs: 5, authenticatedAtMs: 5, methods: "pwd otp", expiresAtMs: 200 };
    await signIn.touchSession(session.sessionHash, change);
    assert.deepEqual(await signIn.listSessions(id, 99), [{ ...session, ...change }]);
    await signIn.endSession(id, session.sessionHash);
    assert.equal(await signIn.findSession(session.sessionHash, 99), undefined);
    await signIn.createSession(session);
    await identity.setAccountDisabled(id, true, 6);
    assert.equal(await signIn.findSession(session.sessionHash, 99), undefined);
  });

  test("[ID5] ending all logins spares the session that asked", async () => {
    const { signIn, identity, oauth } = getStore();
    const { id } = await makeAccount(getStore());
    const own = newSession(id);
    const other = newSession(id);
    await signIn.createSession(own);
    await signIn.createSession(other);
    const deviceId = `device-${unique()}` as DeviceId;
    const device = { id: deviceId, accountId: id, name: "Reader", clientId: "c", scopes: "files.read", nowMs: 1 };
    await oauth.createGrantDevice(device);
    const grant = { accountId: id, grantId: deviceId, uidHash: null, userCodeHash: null };
    await oauth.put("RefreshToken", "h", { ...grant, payload: "{}", expiresAtMs: 100 });
    const ended = await identity.endLogins(id, { keepSession: own.sessionHash, nowMs: 7 });
    assert.deepEqual(ended, [deviceId]);
    assert.equal((await identity.findDevice(deviceId))?.device.revokedAtMs, 7);
    assert.equal(await oauth.find("RefreshToken", "h", 9), undefined);
    assert.ok(await signIn.findSession(own.sessionHash, 9));
    assert.equal(await signIn.findSession(other.sessionHash, 9), undefined);
  });

  test("[ID6] an identity elsewhere is linked to one account", async () => {
    const { signIn } = getStore();
    const { id } = await makeAccount(getStore());
    const { id: thief } = await makeAccount(getStore());
    const identity = {
      issuer: "https://id.example.org",
      subject: unique(),
      accountId: id,
      label: "ann",
      linkedAtMs: 3,
    };
    await signIn.link(identity);
    await assert.rejects(signIn.link({ ...identity, accountId: thief }), { code: "account_exists" });
    assert.deepEqual(await signIn.findLinked(identity.issuer, identity.subject), identity);
    await signIn.unlink(thief, identity.issuer, identity.subject);
    assert.deepEqual(await signIn.listLinked(id), [identity]);
    await signIn.unlink(id, identity.issuer, identity.subject);
    assert.equal(await signIn.findLinked(identity.issuer, identity.subject), undefined);
  });

  test("[ID7] an app password is a device with scopes", async () => {
    const { signIn, identity } = getStore();
    const { id } = await makeAccount(getStore());
    const device = {
      id: `device-${unique()}` as DeviceId,
      accountId: id,
      kind: "app_password",
      name: "Backup",
      clientId: null,
      scopes: "files.read",
      expiresAtMs: null,
      createdAtMs: 4,
      lastSeenAtMs: null,
      revokedAtMs: null,
    } as const;
    const secretHash = unique();
    await signIn.createAppPassword({ secretHash, device });
    assert.deepEqual(await signIn.findAppPassword(secretHash), { deviceId: device.id });
    assert.deepEqual(await identity.listDevices(id), [device]);
    assert.equal(await signIn.findAppPassword(unique()), undefined);
  });
}
