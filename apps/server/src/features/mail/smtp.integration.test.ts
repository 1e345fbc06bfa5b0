import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { SMTPServer } from "smtp-server";
import { systemHost } from "../../system-host.ts";
import { createQueuedMailer } from "./queued-mailer.ts";
import { deliverBySmtp } from "./smtp.ts";

interface ReceivedMail {
  readonly to: string[];
  readonly from: string;
  readonly source: string;
}

/** A real mail server on a free port; the first `refused` messages are turned away as by one that is overrun. */
async function startSmtpServer(t: TestContext, refused = 0) {
  const received: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, { envelope }, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        refusals += 1;
        if (refusals <= refused) return done(Object.assign(new Error("later"), { responseCode: 451 }));
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const mail = {
          to: envelope.rcptTo.map(({ address }) => address),
          from,
          source: Buffer.concat(pieces).toString(),
        };
        received.push(mail);
        waiting.shift()?.(mail);
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  const next = () => new Promise<ReceivedMail>((resolve) => waiting.push(resolve));
  return { port, received, next };
}

test("[ID40] mail goes out by SMTP, to one address, whatever it looks like", async (t) => {
  const server = await startSmtpServer(t);
  const deliver = deliverBySmtp({ url: `smtp://127.0.0.1:${server.port}`, from: "Satchel <satchel@example.org>" });
  await deliver({ to: "ann@example.org", subject: "Grüße", text: "Der Link: https://example.org/ä" });
  const [mail] = server.received;
  assert.deepEqual([mail?.to, mail?.from], [["ann@example.org"], "satchel@example.org"]);
  assert.match(mail?.source ?? "", /^Subject: =\?UTF-8\?/m);
  assert.match(mail?.source ?? "", /^Auto-Submitted: auto-generated/m);
  await deliver({ to: "ann@example.org,eve@example.org", subject: "s", text: "t" }).catch(() => undefined);
  assert.ok(server.received.every(({ to }) => !to.includes("eve@example.org")));
});

test("[ID40] a message that is turned away is sent again; one that never goes through is told of without its text", async (t) => {
  const server = await startSmtpServer(t, 2);
  const lost: string[] = [];
  const mailer = createQueuedMailer({
    deliver: deliverBySmtp({ url: `smtp://127.0.0.1:${server.port}`, from: "satchel@example.org" }),
    host: { ...systemHost, after: (_delayMs, task) => systemHost.after(0, task) },
    onLost: (_reason, subject) => void lost.push(subject),
  });
  const arrived = server.next();
  mailer.send({ to: "ann@example.org", subject: "again", text: "secret" });
  assert.match((await arrived).source, /secret/);
  await mailer.close();
  mailer.send({ to: "ann@example.org", subject: "too late", text: "secret" });
  assert.deepEqual(lost, ["too late"]);
});
