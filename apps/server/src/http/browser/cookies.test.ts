import assert from "node:assert/strict";
import { test } from "node:test";
import { readCookie, writeCookie } from "./cookies.ts";

test("[ID54] over TLS a cookie belongs to this host alone, and nothing sent in the clear stands for it", () => {
  const secure = writeCookie("session", "token", { maxAgeMs: 60_000, isSecure: true });
  assert.equal(secure, "__Host-satchel-session=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
  const headers = { cookie: "a=b; satchel-session=planted; __Host-satchel-session=token; c" };
  assert.equal(readCookie(headers, "session", true), "token");
  assert.equal(readCookie({ cookie: "satchel-session=planted" }, "session", true), undefined);
  assert.equal(readCookie({}, "session", false), undefined);
});
