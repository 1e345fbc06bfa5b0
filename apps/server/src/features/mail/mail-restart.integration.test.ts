import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@satchel/testkit";
import { listMail } from "../../admin/mail.ts";
import { addUser } from "../../admin/admin.ts";
import { serverConfig, type ServerConfig } from "../../config/config.ts";
import { call } from "../../http/test-server.fixture.ts";
import { startServer } from "../../start/start-server.ts";
import { startSmtpServer } from "./smtp-server.fixture.ts";

/** Nobody listens there. */
const noMailServer = "smtp://127.0.0.1:9";
const patienceMs = 60_000;
const program = fileURLToPath(new URL("../../start/serve-until-killed.fixture.ts", import.meta.url));

test("[ID40] a message that a killed server had not sent goes out once a server and a mail server are there", async (t) => {
  await using directory = await temporaryDirectory("mail-restart");
  const env = {
    SATCHEL_LOG_LEVEL: "silent",
    SATCHEL_SMTP: noMailServer,
    SATCHEL_MAIL_FROM: "Satchel <satchel@example.org>",
    SATCHEL_PUBLIC_URL: "http://files.example.org",
  };
  const configWith = (smtp: string) =>
    serverConfig({ data: directory.join("data"), listen: "127.0.0.1:0" }, { ...env, SATCHEL_SMTP: smtp });
  const config = configWith(noMailServer);
  const account = { name: "ann", email: "ann@example.org", password: "a good long password" };
  await addUser(config, { ...account, isAdmin: false, quotaBytes: null });
  const child = spawn(process.execPath, [program, config.dataPath], {
    env: { ...process.env, ...env, SATCHEL_LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const url = await listeningUrl(child.stderr);
  const asked = await call(`${url}/reset`, "POST", {
    raw: "user=ann",
    headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" },
  });
  assert.equal(asked.status, 200);
  // A try under way would keep the message to itself for minutes.
  await untilTried(config);
  child.kill("SIGKILL");
  await once(child, "exit");
  const subject = "Reset your Satchel password";
  assert.deepEqual(
    (await listMail(config)).map((mail) => [mail.to, mail.subject, mail.dueAtMs === null]),
    [["ann@example.org", subject, false]],
  );
  const smtp = await startSmtpServer(t);
  const arrived = smtp.next();
  const server = await startServer(configWith(smtp.url));
  t.after(() => server.stop());
  assert.match((await arrived).source, /http:\/\/files\.example\.org\/reset\?secret=/);
  await server.stop();
  assert.deepEqual([await listMail(config), smtp.received.length], [[], 1]);
});

async function untilTried(config: ServerConfig): Promise<void> {
  for (const end = Date.now() + patienceMs; (await listMail(config))[0]?.reason == null;) {
    assert.ok(Date.now() < end, "it was never tried");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where the log says that it listens. */
async function listeningUrl(log: Readable): Promise<string> {
  for await (const line of createInterface(log)) {
    const [, url] = /"listening at ([^"]+)"/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("the server ended before it listened");
}
