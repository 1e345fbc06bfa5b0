import assert from "node:assert/strict";
import { test } from "node:test";
import { MailRefusedError } from "./mailer.ts";
import { startSmtpServer } from "./smtp-server.fixture.ts";
import { deliverBySmtp } from "./smtp.ts";

test("[ID40] mail goes out by SMTP, to one address, whatever it looks like", async (t) => {
  const server = await startSmtpServer(t);
  const deliver = deliverBySmtp({ url: server.url, from: "Satchel <satchel@example.org>" });
  await deliver({ id: "one", to: "ann@example.org", subject: "Grüße", text: "Der Link: https://example.org/ä" });
  const [mail] = server.received;
  assert.deepEqual([mail?.to, mail?.from], [["ann@example.org"], "satchel@example.org"]);
  assert.match(mail?.source ?? "", /^Subject: =\?UTF-8\?/m);
  assert.match(mail?.source ?? "", /^Auto-Submitted: auto-generated/m);
  assert.match(mail?.source ?? "", /^Message-ID: <one@example\.org>/im);
  await deliver({ id: "two", to: "ann@example.org,eve@example.org", subject: "s", text: "t" }).catch(() => undefined);
  assert.ok(server.received.every(({ to }) => !to.includes("eve@example.org")));
});

test("[ID40] a mail server's no for good is told from one for now", async (t) => {
  const server = await startSmtpServer(t, 1);
  const deliver = deliverBySmtp({ url: server.url, from: "satchel@example.org" });
  const message = { id: "one", to: "ann@example.org", subject: "s", text: "t" };
  await assert.rejects(deliver({ ...message, to: "nobody@example.org" }), MailRefusedError);
  await assert.rejects(deliver(message), (error) => !(error instanceof MailRefusedError));
  await deliver(message);
});
