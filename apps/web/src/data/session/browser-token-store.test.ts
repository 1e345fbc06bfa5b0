import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginRevokedError } from "@satchel/api-client";
import { createBrowserTokenStore } from "./browser-token-store.ts";

const tokens = (name: string) => ({ accessToken: `a ${name}`, refreshToken: `r ${name}`, expiresAtMs: 1 });

/** Two tabs of one browser, with its storage and its locks. */
function browser() {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, work: () => Promise<unknown>): Promise<unknown> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  const locks = { request } as unknown as LockManager;
  const open = () => createBrowserTokenStore("/", storage, locks);
  return { kept, open };
}

test("[WB41] a tab forgets its own login, also when another tab has exchanged its tokens, and none that was made since", async () => {
  const { open } = browser();
  const [one, other] = [open(), open()];
  await one.begin(tokens("first"));
  assert.deepEqual(await other.load(), tokens("first"));
  await other.exclusively(() => other.save(tokens("exchanged")));
  assert.equal(one.isReplaced(), false);
  await other.begin(tokens("second"));
  assert.equal(one.isReplaced(), true);
  one.forget();
  assert.deepEqual(await other.load(), tokens("second"));
  assert.equal(other.isReplaced(), false);
  other.forget();
  assert.equal(await open().load(), undefined);
});

test("[WB41] a login that is made while another tab exchanges tokens comes after that", async () => {
  const { open } = browser();
  const [one, other] = [open(), open()];
  await one.begin(tokens("first"));
  await other.load();
  const asked = Promise.withResolvers<void>();
  const exchanging = other.exclusively(async () => {
    await asked.promise;
    await other.save(tokens("exchanged"));
  });
  const beginning = one.begin(tokens("second"));
  asked.resolve();
  await Promise.all([exchanging, beginning]);
  assert.deepEqual(await open().load(), tokens("second"));
});

test("[WB41] a login of before logins had names is found and forgotten, and what is none counts as none", async () => {
  const { kept, open } = browser();
  kept.set("satchel.tokens/", JSON.stringify(tokens("old")));
  const tab = open();
  assert.deepEqual(await tab.load(), tokens("old"));
  await tab.save(tokens("exchanged"));
  assert.equal(tab.isReplaced(), false);
  tab.forget();
  assert.equal(kept.size, 0);
  for (const text of ["", "null", "{}", '{"accessToken":"a"}', "nonsense"]) {
    kept.set("satchel.tokens/", text);
    assert.equal(await open().load(), undefined, text);
  }
});

test("[WB44] a tab neither finds nor overwrites the login of another account, and goes on with another one of its own", async () => {
  const { open } = browser();
  const [one, late, other] = [open(), open(), open()];
  await one.begin(tokensOf("ann", 1));
  await late.load();
  await other.begin(tokensOf("ann", 2));
  assert.deepEqual([one.isReplaced(), one.isOtherAccount()], [true, false]);
  assert.deepEqual(await one.load(), tokensOf("ann", 2));
  one.requireOwn();
  await other.begin(tokensOf("bob", 1));
  for (const tab of [one, late]) {
    assert.equal(tab.isOtherAccount(), true);
    assert.throws(() => tab.requireOwn(), LoginRevokedError);
    await assert.rejects(tab.load(), LoginRevokedError);
    tab.forget();
  }
  assert.equal(other.isOtherAccount(), false);
  assert.deepEqual(await other.load(), tokensOf("bob", 1));
});

test("[WB44] whose a login is that can't be read isn't guessed", async () => {
  const { open } = browser();
  const [one, other] = [open(), open()];
  await one.begin(tokens("no token of the provider"));
  await other.begin(tokensOf("ann", 1));
  assert.equal(one.isOtherAccount(), true);
});

/** Tokens of an account, as the server makes them. */
function tokensOf(sub: string, number: number) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return { ...tokens(`${number}`), accessToken: `${part({ typ: "at+jwt" })}.${part({ sub, number })}.mac` };
}
