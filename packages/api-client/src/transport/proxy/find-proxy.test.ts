import assert from "node:assert/strict";
import { test } from "node:test";
import { findProxy, ProxySettingError, type ProxyEnvironment } from "./find-proxy.ts";

function proxyFor(url: string, environment: ProxyEnvironment): string | undefined {
  return findProxy(new URL(url), environment)?.href;
}

test("[AC42] the scheme of the address says which variable counts, and ALL_PROXY stands for either", () => {
  const environment = { HTTP_PROXY: "http://plain:1", HTTPS_PROXY: "http://secure:2" };
  assert.equal(proxyFor("http://host/", environment), "http://plain:1/");
  assert.equal(proxyFor("https://host/", environment), "http://secure:2/");
  assert.equal(proxyFor("wss://host/", environment), "http://secure:2/");
  assert.equal(proxyFor("ws://host/", { ALL_PROXY: "proxy:3" }), "http://proxy:3/");
  assert.equal(proxyFor("http://host/", { http_proxy: "http://low:4", HTTP_PROXY: "http://high:5" }), "http://low:4/");
  assert.equal(proxyFor("http://host/", { HTTPS_PROXY: "http://secure:2", HTTP_PROXY: "" }), undefined);
});

test("[AC42] hosts of NO_PROXY, and this machine, are reached without a proxy", () => {
  const isDirect = (url: string, exempt: string): boolean =>
    proxyFor(url, { ALL_PROXY: "http://proxy:1", NO_PROXY: exempt }) === undefined;
  assert.ok(isDirect("http://host/", "host"));
  assert.ok(isDirect("http://a.host/", "host, other"));
  assert.ok(isDirect("http://a.host/", "other,.host"));
  assert.ok(isDirect("http://a.host/", "*.HOST"));
  assert.ok(isDirect("http://anything/", "*"));
  assert.ok(isDirect("http://host/", "host:80"));
  assert.ok(isDirect("https://[2001:db8::1]/", "[2001:db8::1]:443"));
  assert.ok(isDirect("https://[2001:db8::1]/", "2001:db8::1"));
  assert.ok(!isDirect("http://host:8080/", "host:80"));
  assert.ok(!isDirect("http://ahost/", "host"));
  assert.ok(!isDirect("http://host/", ""));
  for (const own of ["localhost", "x.localhost", "127.0.0.1", "[::1]"]) assert.ok(isDirect(`http://${own}:7420/`, ""));
});

test("[AC42] a proxy that can't be one is refused with the name of its variable", () => {
  const refused = (value: string): Error => {
    try {
      findProxy(new URL("http://host/"), { ALL_PROXY: value });
    } catch (error) {
      return error as Error;
    }
    throw new Error("nothing was refused");
  };
  assert.ok(refused("socks5://proxy:1") instanceof ProxySettingError);
  assert.match(refused("socks5://proxy:1").message, /^ALL_PROXY is a socks5 proxy/);
  assert.match(refused("http://").message, /^ALL_PROXY is no address/);
});
