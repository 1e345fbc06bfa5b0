import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import type { LoginResponse } from "@satchel/protocol";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import { OfflineError } from "../transport/transport.ts";
import { LoginRevokedError, createTokenSource, tokensOf } from "./token-source.ts";
import type { TokenStore, Tokens } from "./token-source.ts";

const timing = virtualTiming();
const anHourMs = 3_600_000;

function tokens(n: number, expiresAtMs: number): Tokens {
  return { accessToken: `access ${n}`, expiresAtMs, refreshToken: `refresh ${n}` };
}

/** A store as a home has it: a value that outlives sources, and a lock. */
function memoryStore(initial: Tokens | undefined): TokenStore & { kept: Tokens | undefined; events: string[] } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    kept: initial,
    events: [],
    async load() {
      return this.kept;
    },
    async save(next) {
      this.events.push(`save ${next.refreshToken}`);
      this.kept = next;
    },
    exclusively(work) {
      const run = last.then(work, work);
      last = run.catch(() => undefined);
      return run;
    },
  };
}

function answer(n: number): LoginResponse {
  return { access_token: `access ${n}`, expires_in: 3600, refresh_token: `refresh ${n}` } as LoginResponse;
}

/** A server that counts exchanges, each good once. */
function refreshing(): { refresh: (token: string) => Promise<LoginResponse>; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    refresh: async (token) => {
      asked.push(token);
      return answer(asked.length + 1);
    },
  };
}

test("a token that is good is given without asking", async () => {
  const { refresh, asked } = refreshing();
  const source = createTokenSource({ store: memoryStore(tokens(1, timing.nowMs() + anHourMs)), refresh, timing });
  assert.equal(await source.get(), "access 1");
  assert.deepEqual(asked, []);
});

test("[AC12] a token at its end is renewed before it is used", async () => {
  const { refresh, asked } = refreshing();
  const source = createTokenSource({ store: memoryStore(tokens(1, timing.nowMs() + 1000)), refresh, timing });
  assert.equal(await source.get(), "access 2");
  assert.deepEqual(asked, ["refresh 1"]);
});

test("[AC13] refusals at the same time share one renewal", async () => {
  const { refresh, asked } = refreshing();
  const source = createTokenSource({ store: memoryStore(tokens(1, timing.nowMs() + anHourMs)), refresh, timing });
  const renewed = await Promise.all([source.renew("access 1"), source.renew("access 1"), source.renew("access 1")]);
  assert.deepEqual(renewed, ["access 2", "access 2", "access 2"]);
  assert.equal(
    await source.renew("access 1"),
    "access 2",
    "a late refusal of the old token is answered by the new one",
  );
  assert.deepEqual(asked, ["refresh 1"]);
});

test("[AC13] two processes of one home take turns, and the second takes over", async () => {
  const { refresh, asked } = refreshing();
  const store = memoryStore(tokens(1, timing.nowMs() + anHourMs));
  const [one, two] = [createTokenSource({ store, refresh, timing }), createTokenSource({ store, refresh, timing })];
  assert.deepEqual(await Promise.all([one.renew("access 1"), two.renew("access 1")]), ["access 2", "access 2"]);
  assert.deepEqual(asked, ["refresh 1"]);
});

test("[AC14] the rotated token is stored before anything is done with it", async () => {
  const store = memoryStore(tokens(1, timing.nowMs() + anHourMs));
  const source = createTokenSource({ store, refresh: refreshing().refresh, timing });
  store.events.push(`use ${await source.renew("access 1")}`);
  assert.deepEqual(store.events, ["save refresh 2", "use access 2"]);
});

test("[AC14] when storing fails, the new token is not used, and the old one is exchanged again", async () => {
  const store = memoryStore(tokens(1, timing.nowMs() + anHourMs));
  const { refresh, asked } = refreshing();
  let isFull = true;
  const source = createTokenSource({
    store: {
      ...store,
      load: () => store.load(),
      save: (next) => (isFull ? Promise.reject(new Error("disk full")) : store.save(next)),
    },
    refresh,
    timing,
  });
  await assert.rejects(source.renew("access 1"), new Error("disk full"));
  isFull = false;
  await source.renew("access 1");
  assert.deepEqual(asked, ["refresh 1", "refresh 1"]);
});

test("[AC15] a refresh token that is refused means that the login is gone", async () => {
  for (const code of ["login_revoked", "unauthenticated", "token_expired"] as const) {
    const refresh = (): Promise<never> => Promise.reject(new ProblemError(code));
    const source = createTokenSource({ store: memoryStore(tokens(1, 0)), refresh, timing });
    await assert.rejects(source.get(), LoginRevokedError);
  }
});

test("[AC15] a server out of reach does not end the login", async () => {
  const store = memoryStore(tokens(1, 0));
  const source = createTokenSource({ store, refresh: () => Promise.reject(new OfflineError("gone")), timing });
  await assert.rejects(source.get(), OfflineError);
  assert.equal(store.kept?.refreshToken, "refresh 1");
});

test("without a login there is no token", async () => {
  const source = createTokenSource({ store: memoryStore(undefined), refresh: refreshing().refresh, timing });
  await assert.rejects(source.get(), new LoginRevokedError("this device is not logged in"));
});

test("the time of expiry is told by this device's clock", () => {
  assert.deepEqual(tokensOf(answer(1), 1000), {
    accessToken: "access 1",
    expiresAtMs: 3_601_000,
    refreshToken: "refresh 1",
  });
});
