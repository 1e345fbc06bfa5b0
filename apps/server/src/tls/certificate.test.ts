import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rename, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { get } from "node:https";
import { connect, type PeerCertificate } from "node:tls";
import { test } from "node:test";
import { promisify } from "node:util";
import { temporaryDirectory } from "@satchel/testkit";
import { startServer } from "../start/start-server.ts";
import { serverConfig } from "../config/config.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import { readCertificate } from "./certificate.ts";

const run = promisify(execFile);

/** A certificate of its own for 127.0.0.1, by openssl. */
async function makeCertificate(path: (name: string) => string, name: string) {
  const files = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run("openssl", ["req", "-x509", ...key, "-keyout", files.key, "-out", files.certificate, ...subject]);
  return files;
}

/** Whom the server at this address says that it is, and how the connection is protected. */
async function shake(
  url: string,
  options: { maxVersion?: "TLSv1.1" } = {},
): Promise<{ name: string; protocol: string }> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), rejectUnauthorized: false, ...options });
  try {
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    const peer: PeerCertificate = socket.getPeerCertificate();
    return { name: String(peer.subject.CN), protocol: socket.getProtocol() ?? "" };
  } finally {
    socket.destroy();
  }
}

async function headersOf(url: string): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => resolve(response.resume().headers)).on(
      "error",
      reject,
    );
  });
}

test("[SE50] [SE51] the server speaks TLS 1.2 and up with the certificate that it is given, and a new one as soon as the files have it", async () => {
  await using directory = await temporaryDirectory("tls");
  const path = (name: string) => directory.join(name);
  const first = await makeCertificate(path, "first");
  const second = await makeCertificate(path, "second");
  const options = { data: path("data"), listen: "127.0.0.1:0", tlsCert: first.certificate, tlsKey: first.key };
  const server = await startServer(serverConfig(options, { SATCHEL_LOG_LEVEL: "silent" }));
  try {
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(await shake(server.url), { name: "first", protocol: "TLSv1.3" });
    assert.match((await headersOf(`${server.url}/healthz`))["strict-transport-security"] ?? "", /^max-age=31536000$/);
    await assert.rejects(shake(server.url, { maxVersion: "TLSv1.1" }));
    // Half of a change, which doesn't fit, and then all of it.
    await rename(second.key, first.key);
    assert.equal((await shake(server.url)).name, "first");
    await rename(second.certificate, first.certificate);
    const untilMs = Date.now() + 20_000;
    let name = "";
    while (name !== "second" && Date.now() < untilMs) ({ name } = await shake(server.url));
    assert.equal(name, "second");
  } finally {
    await server.stop();
  }
});

test("[SE50] files that are missing, no certificate, or another's key stop the start with a sentence", async () => {
  await using directory = await temporaryDirectory("tls");
  const path = (name: string) => directory.join(name);
  const [one, other] = [await makeCertificate(path, "one"), await makeCertificate(path, "other")];
  await writeFile(path("text"), "no certificate");
  const wrong: [string, string, RegExp][] = [
    [path("none"), one.key, /can't be read/],
    [path("text"), one.key, /no certificate in PEM/],
    [one.certificate, path("text"), /no certificate in PEM/],
    [one.certificate, other.key, /is not the one of the certificate/],
  ];
  for (const [certificate, key, message] of wrong)
    await assert.rejects(readCertificate({ certificate, key }), (error: Error) => {
      assert.ok(error instanceof ServerConfigError);
      assert.match(error.message, message);
      return true;
    });
  assert.throws(() => serverConfig({ tlsCert: one.certificate }, {}), /belong together/);
});
