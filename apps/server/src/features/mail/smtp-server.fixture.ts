import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { SMTPServer } from "smtp-server";

interface ReceivedMail {
  readonly to: string[];
  readonly from: string;
  readonly source: string;
}

/** A real mail server on a free port; the first `refused` messages are turned away as by one that is overrun, and whoever is called `nobody` for good. */
export async function startSmtpServer(t: TestContext, refused = 0) {
  const received: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      done(address.startsWith("nobody@") ? Object.assign(new Error("no such mailbox"), { responseCode: 550 }) : null);
    },
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
  return { url: `smtp://127.0.0.1:${port}`, received, next };
}
