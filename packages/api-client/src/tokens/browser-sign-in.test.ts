import assert from "node:assert/strict";
import { test } from "node:test";
import { json, problem, scriptedTransport } from "../requests/scripted-transport.fixture.ts";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import { OfflineError } from "../transport/transport.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { signInByBrowser, type BrowserCode } from "./browser-sign-in.ts";

const begun = json({
  device_code: "secret",
  user_code: "ABCD-EFGH",
  verification_uri: "https://satchel.example.org/device",
  expires_in: 600,
});
const login = {
  access_token: "a",
  expires_in: 600,
  refresh_token: "r",
  account_id: "account",
  user: "ann",
  device_id: "device",
  workspace_id: "aaaaaaaaaaaaaaaa",
};
const pending = json({ error: "authorization_pending" }, 400);

function run(answers: (HttpResponse | Error)[]) {
  const timing = virtualTiming({ hurry: true });
  const transport = scriptedTransport(answers);
  const codes: BrowserCode[] = [];
  const done = signInByBrowser({ transport, timing, deviceName: "laptop", onCode: (code) => void codes.push(code) });
  return { done, codes, transport, timing };
}

test("[AC40] a code is shown, the server is asked every five seconds, and what the browser gave becomes a device", async () => {
  const { done, codes, transport, timing } = run([
    begun,
    pending,
    new OfflineError("away"),
    json({ error: "slow_down" }, 400),
    json({ access_token: "token" }),
    new OfflineError("the answer was lost"),
    json(login),
  ]);
  assert.deepEqual(await done, login);
  assert.deepEqual(
    codes.map(({ code, fullAddress }) => [code, fullAddress]),
    [["ABCD-EFGH", "https://satchel.example.org/device?code=ABCD-EFGH"]],
  );
  assert.deepEqual(timing.sleeps, [5000, 5000, 5000, 10_000, 5000]);
  const [first] = transport.sent;
  const form = new URLSearchParams(new TextDecoder().decode(first?.body?.[0]));
  assert.equal(form.get("device_name"), "laptop");
  assert.equal(transport.sent.at(-1)?.headers["authorization"], "Bearer token");
});

test("[AC40] a refusal, a code that nobody confirms, and a server without sign-in by browser are told apart", async () => {
  await assert.rejects(run([begun, json({ error: "access_denied" }, 400)]).done, { reason: "refused" });
  await assert.rejects(run([begun, json({ error: "expired_token" }, 400)]).done, { reason: "expired" });
  await assert.rejects(run([begun, ...Array.from({ length: 200 }, () => pending)]).done, { reason: "expired" });
  await assert.rejects(run([problem("not_found", 404)]).done, { reason: "unsupported" });
  await assert.rejects(run([new OfflineError("away")]).done, OfflineError);
});
