import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { startEngine } from "./guarded-engine.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A real clamd for one test file, on a free port of 127.0.0.1, which knows one thing: the test file of EICAR. It does not outlive this process. */
export interface RunningClamd extends AsyncDisposable {
  readonly port: number;
  stop(): Promise<void>;
}

/** What every scanner calls malware, and is harmless (https://www.eicar.org/download-anti-malware-testfile/). In two parts, so that no scanner takes this source for it. */
export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join("");

/** The most that it takes of one content, in bytes. */
export const clamdMaxBytes = 4 * 1024 * 1024;

const signature = Buffer.from(["EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!"].join("")).toString("hex");

/** Undefined when it isn't installed. */
export function findClamd(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, "clamd")).find((path) => existsSync(path));
}

/** @throws when clamd is not installed, saying how to get it */
export async function startClamd(): Promise<RunningClamd> {
  const program = findClamd();
  if (program === undefined)
    throw new Error(
      "clamd is not installed. On Debian or Ubuntu: `apt-get install clamav-daemon`; `npm test` does it as root or with sudo.",
    );
  const files = await temporaryDirectory("clamd");
  const [database, settings] = [join(files.path, "database"), join(files.path, "clamd.conf")];
  await mkdir(database);
  await writeFile(join(database, "test.ndb"), `Satchel.Test.Eicar:0:*:${signature}\n`);
  const engine = await startEngine({
    name: "clamd",
    program,
    parameters(port) {
      const lines = [
        "Foreground yes",
        `DatabaseDirectory ${database}`,
        "TCPAddr 127.0.0.1",
        `TCPSocket ${port}`,
        `StreamMaxLength ${clamdMaxBytes}`,
        `TemporaryDirectory ${files.path}`,
        "MaxThreads 2",
      ];
      writeFileSync(settings, `${lines.join("\n")}\n`);
      return ["-c", settings];
    },
    answers,
  });
  const stop = async (): Promise<void> => {
    await engine.kill();
    await files.remove();
  };
  return { port: engine.port, stop, [Symbol.asyncDispose]: stop };
}

/** Whether it says PONG, which it does once its signatures are loaded. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    socket.end("zPING\0");
    const [bytes] = (await once(socket, "data", { signal: AbortSignal.timeout(5000) })) as [Buffer];
    return bytes.toString().startsWith("PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
