import assert from "node:assert/strict";
import { test } from "node:test";
import { call, startTestServer } from "../test-server.fixture.ts";

test("[SE60] every answer of the API, refusals too, tells browsers to run, frame and guess nothing", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  for (const { url, method, access } of server.app.routeTable) {
    if (access === "page") continue;
    for (const headers of [{}, ann.authorization]) {
      const answer = await call(server.url + url.replace(/:\w+/g, "x"), method, { headers });
      const name = `${method} ${url} ${answer.status}`;
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff", name);
      assert.match(answer.headers.get("content-security-policy") ?? "", /^default-src 'none';.* sandbox$/, name);
      assert.equal(answer.headers.get("x-frame-options"), "DENY", name);
      assert.equal(answer.headers.get("referrer-policy"), "no-referrer", name);
      assert.equal(answer.headers.get("cache-control"), "no-store", name);
      assert.equal(answer.headers.get("access-control-allow-origin"), null, name);
      assert.equal(answer.headers.get("strict-transport-security"), null, name);
    }
  }
});

test("[SE61] what people store is handed out as a download that no browser runs, whatever it is called", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  for (const name of ["page.html", "image.svg", "script.js", 'a";x="b.html', "line\nbreak.html"]) {
    const { id } = await ann.putFile(name, "<script>alert(1)</script>");
    const { headers } = await ann.get(`/v1/files/content?file_id=${id}`);
    assert.equal(headers.get("content-type"), "application/octet-stream");
    const disposition = headers.get("content-disposition") ?? "";
    assert.match(disposition, /^attachment; filename\*=UTF-8''[\w%.!~-]+$/, name);
    assert.match(headers.get("content-security-policy") ?? "", /sandbox$/);
  }
});

test("[SE62] a cookie is no login of the API, so another site can make a browser do nothing there", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const token = ann.login.access_token;
  const cookie = `satchel-session=${token}; access_token=${token}; authorization=Bearer ${token}`;
  for (const { url, method, access } of server.app.routeTable) {
    if (access !== "account") continue;
    const { status } = await call(server.url + url, method, { headers: { cookie, origin: "https://evil.example" } });
    assert.equal(status, 401, url);
  }
});

test("[SE63] no answer of the API leads to another site", async (t) => {
  const server = await startTestServer(t);
  const evil = "https%3A%2F%2Fevil.example";
  for (const { url, method, access } of server.app.routeTable) {
    if (access === "page") continue;
    for (const path of [
      `${url}?next=${evil}&redirect=${evil}&return_to=${evil}`,
      `//evil.example${url}`,
      `/\\evil.example`,
    ]) {
      const response = await fetch(server.url + path, { method, redirect: "manual" });
      await response.arrayBuffer();
      assert.equal(response.headers.get("location"), null, `${method} ${path}`);
    }
  }
});
