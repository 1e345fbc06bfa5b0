import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { freePort, goesWithout, startReverseProxy, temporaryDirectory, type ReverseProxyName } from "@satchel/testkit";
import { signUpWithAppPassword } from "./support/app-password.ts";
import { makeBigFile } from "./support/big-file.ts";
import { eventually } from "./support/eventually.ts";
import { runSatchel, satchel } from "./support/satchel-command.ts";
import { isFullScale } from "./support/scale.ts";
import { startServer } from "./support/server.ts";

const run = promisify(execFile);
const PROGRAM_TIMEOUT_MS = 1_200_000;
const START_TIMEOUT_MS = 120_000;
const FILE_BYTES = (isFullScale ? 5 * 1024 : 64) * 1024 * 1024;

/** What operators are told to copy. */
const recipes = readFileSync(join(import.meta.dirname, "../../docs/operate/reverse-proxies.md"), "utf8");

/** The indented blocks of a part of the page, put one after the other. */
function recipe(heading: string): string {
  const part = recipes.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const lines = part.split("\n").filter((line) => line.startsWith("    "));
  assert.ok(lines.length > 0, heading);
  return lines.map((line) => line.slice(4)).join("\n");
}

interface Finding {
  readonly check: string;
  readonly level: string;
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly serverPort: number;
}

/** The recipe with this machine's names, ports and certificate in it, and nothing else changed. */
const configurations: Readonly<Record<ReverseProxyName, (place: Place) => string>> = {
  caddy: ({ folder, port, serverPort }) =>
    `{\n  admin off\n  auto_https disable_redirects\n}\n${recipe("Caddy")
      .replace("files.example.org {", `https://localhost:${port} {\n  tls ${folder}/cert.pem ${folder}/key.pem`)
      .replace("127.0.0.1:7420", `127.0.0.1:${serverPort}`)}`,
  nginx: ({ folder, port, serverPort }) => {
    const servers = recipe("nginx")
      .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
      .replace("files.example.org;", "localhost;")
      .replace(/\/etc\/\S+fullchain\.pem/, `${folder}/cert.pem`)
      .replace(/\/etc\/\S+privkey\.pem/, `${folder}/key.pem`)
      .replace("127.0.0.1:7420", `127.0.0.1:${serverPort}`);
    const own = `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}`;
    const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    return `${own}\nhttp {\naccess_log off;\n${kept.join("\n")}\n${servers}\n}\n`;
  },
  haproxy: ({ folder, port, serverPort }) =>
    `global\n    maxconn 500\n${recipe("HAProxy")
      .replace("bind :443", `bind 127.0.0.1:${port}`)
      .replace("/etc/haproxy/files.pem", `${folder}/both.pem`)
      .replace("127.0.0.1:7420", `127.0.0.1:${serverPort}`)}\n`,
};

test(
  "[OP34] behind each proxy, set up as the page for operators says, devices and large uploads work",
  { skip: goesWithout("proxies") },
  async (t) => {
    await using directory = await temporaryDirectory("e2e");
    await makeCertificate(directory.path);
    process.env["NODE_EXTRA_CA_CERTS"] = directory.join("cert.pem");
    process.env["SATCHEL_TRUSTED_PROXIES"] = "127.0.0.1";
    t.after(() => {
      delete process.env["NODE_EXTRA_CA_CERTS"];
      delete process.env["SATCHEL_TRUSTED_PROXIES"];
    });
    await makeBigFile(directory.join("big"), FILE_BYTES, "proxies");
    const expected = await hashOf(directory.join("big"));
    for (const name of ["caddy", "nginx", "haproxy"] as const)
      await t.test(name, () => useBehind(name, directory.path, expected));
  },
);

async function useBehind(name: ReverseProxyName, directory: string, expected: string): Promise<void> {
  const serverPort = await freePort();
  const folder = join(directory, name);
  const configure = (port: number): string => configurations[name]({ folder: directory, port, serverPort });
  await using proxy = await startReverseProxy(name, { folder, configure });
  const url = `https://localhost:${proxy.port}`;
  await using server = await startServer(folder, { publicUrl: url, port: serverPort });
  assert.equal(server.url, url);

  // One that asks a server whether it is well has found it away so far, and looks again every two seconds.
  const reach = ["--fail", "--silent", "--cacert", join(directory, "cert.pem"), `${url}/readyz`];
  const isReached = async (): Promise<boolean> =>
    run("curl", reach).then(
      () => true,
      () => false,
    );
  await eventually(isReached, { timeoutMs: START_TIMEOUT_MS, what: `${name} to find the server well` });

  const { user, password } = await signUpWithAppPassword({ ...server, url: `http://127.0.0.1:${serverPort}` }, "ann");
  const home = join(folder, "home");
  await satchel(["login", url, "--user", user, "--password-stdin"], { home, input: "correct horse ann\n" });
  const { stdout } = await runSatchel(["doctor", "--json"], { home });
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  assert.equal(findings.find(({ check }) => check === "websocket")?.level, "ok", stdout);

  // In parts, as devices send it.
  const longer = { home, timeoutMs: PROGRAM_TIMEOUT_MS };
  await satchel(["put", join(directory, "big"), "/by-parts"], longer);
  await satchel(["get", "/by-parts", join(folder, "by-parts")], longer);
  assert.equal(await hashOf(join(folder, "by-parts")), expected);

  // In one request, as other programs do: this is what proxies cut off, or keep on their disk first.
  const curl = [
    "--fail",
    "--silent",
    "--show-error",
    "--cacert",
    join(directory, "cert.pem"),
    "--user",
    `${user}:${password}`,
  ];
  await run("curl", [...curl, "--upload-file", join(directory, "big"), `${url}/dav/at-once`], {
    timeout: PROGRAM_TIMEOUT_MS,
  });
  await run("curl", [...curl, "--output", join(folder, "at-once"), `${url}/dav/at-once`], {
    timeout: PROGRAM_TIMEOUT_MS,
  });
  assert.equal(await hashOf(join(folder, "at-once")), expected);
}

/** Good for this machine, for a day. */
async function makeCertificate(folder: string): Promise<void> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await run("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", cert]);
  await copyFile(cert, join(folder, "both.pem"));
  await writeFile(join(folder, "both.pem"), readFileSync(key), { flag: "a" });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
