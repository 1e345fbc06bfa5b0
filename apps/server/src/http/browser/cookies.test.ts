import assert from "node:assert/strict";
import { test } from "node:test";
import { readCookie, writeCookie } from "./cookies.ts";

const secureAt = (path: string) => ({ isSecure: true, path });

test("[ID54] over TLS a cookie belongs to this host alone, and nothing sent in the clear stands for it", () => {
  const secure = writeCookie("session", "token", { maxAgeMs: 60_000, ...secureAt("") });
  assert.equal(secure, "__Host-satchel-session=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
  const headers = { cookie: "a=b; satchel-session=planted; __Host-satchel-session=token; c" };
  assert.equal(readCookie(headers, "session", secureAt("")), "token");
  assert.equal(readCookie({ cookie: "satchel-session=planted" }, "session", secureAt("")), undefined);
  assert.equal(readCookie({}, "session", { isSecure: false, path: "" }), undefined);
});

test("[ID54] below a path a cookie is sent to nothing else on the host", () => {
  const secure = writeCookie("session", "token", { maxAgeMs: 60_000, ...secureAt("/satchel") });
  assert.equal(secure, "__Secure-satchel-session=token; Path=/satchel; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
  assert.equal(readCookie({ cookie: "__Secure-satchel-session=token" }, "session", secureAt("/satchel")), "token");
  assert.equal(readCookie({ cookie: "satchel-session=planted" }, "session", secureAt("/satchel")), undefined);
});
