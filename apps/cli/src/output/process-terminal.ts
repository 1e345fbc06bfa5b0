import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError, exitCode } from "./exit-code.ts";
import { maxInputBytes } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // A reader that has had enough (`satchel ls | head`) is no failure of ours.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitCode.done);
      throw error;
    });
  }
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write("\r\x1b[K");
    drawn = false;
  };
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    canRedraw: stderr.isTTY === true && process.env["TERM"] !== "dumb",
    get columns() {
      return stderr.columns || 80;
    },
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    redraw(line) {
      clear();
      if (line === "") return;
      stderr.write(line);
      drawn = true;
    },
    readInput: () => readAll(stdin),
    ask: (question, options) => askLine(question, options?.hidden ?? false),
  };
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stdin as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxInputBytes)
      throw new CommandError(
        exitCode.usage,
        `The input is longer than ${maxInputBytes} bytes: give only the password.`,
      );
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Asks on stderr, so that stdout stays free for the result. What is typed is not shown when hidden. */
async function askLine(question: string, hidden: boolean): Promise<string> {
  const ahead = typedAhead.shift();
  if (ahead !== undefined) {
    process.stderr.write(`${question}\n`);
    return ahead;
  }
  // A hidden answer's reader writes nowhere, the question neither.
  if (hidden) process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: hidden ? nowhere : process.stderr, terminal: true });
  reader.on("line", (line) => typedAhead.push(line));
  try {
    const interrupted = new Promise<never>((_resolve, reject) => {
      reader.on("SIGINT", () => reject(new CommandError(exitCode.interrupted, "Stopped.")));
      reader.on("close", () => reject(new CommandError(exitCode.failed, "Nothing was typed: try again.")));
    });
    return await Promise.race([reader.question(question), interrupted]);
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}

/** Lines that came together with the one that was asked for: pasted, or sent by a script. */
const typedAhead: string[] = [];
