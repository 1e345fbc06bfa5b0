import { bearerProtocol, liveMessages, livePath, liveProtocol, liveSteps } from "@satchel/protocol";
import * as Y from "yjs";
import { eventually } from "../../e2e/support/eventually.ts";

const JOIN_TIMEOUT_MS = 120_000;

/** Somebody who types in a file that is edited live, as a browser does it: over a WebSocket to a real server. */
export interface LiveWriter extends AsyncDisposable {
  /** What they see. */
  text(): string;
  /** Types a line at the end. */
  typeLine(line: string): void;
  /** The lines that the server said are kept for good, in the order in which they were typed. */
  keptLines(): readonly string[];
  isOpen(): boolean;
}

/** Joins, also while the server is not there yet, or says that somebody else has the session still. Resolves when the document is there. */
export async function joinLive(url: string, token: string, fileId: string): Promise<LiveWriter> {
  return await eventually(() => tryJoin(url, token, fileId), {
    timeoutMs: JOIN_TIMEOUT_MS,
    intervalMs: 200,
    what: "the live session to take somebody in",
  });
}

async function tryJoin(url: string, token: string, fileId: string): Promise<LiveWriter> {
  const address = `${url.replace("http", "ws")}${livePath}?file_id=${encodeURIComponent(fileId)}`;
  const socket = new WebSocket(address, [liveProtocol, bearerProtocol(token)]);
  socket.binaryType = "arraybuffer";
  const document = new Y.Doc();
  /** The line of each update that was sent; none for an answer. */
  const sent: (string | undefined)[] = [];
  let [kept, isOpen] = [0, false];
  let typing: string | undefined;
  const joined = Promise.withResolvers<void>();
  const send = (step: keyof typeof liveSteps, bytes: Uint8Array): void => {
    if (step !== "ask") sent.push(typing);
    socket.send(documentMessage(liveSteps[step], bytes));
  };
  socket.addEventListener("open", () => {
    isOpen = true;
    send("ask", Y.encodeStateVector(document));
  });
  socket.addEventListener("error", () => joined.reject(new Error("the socket failed")));
  socket.addEventListener("close", ({ code }) => {
    isOpen = false;
    joined.reject(new Error(`the socket was closed with ${code}`));
  });
  document.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== socket && isOpen) send("update", update);
  });
  socket.addEventListener("message", ({ data }) => {
    const read = reader(new Uint8Array(data as ArrayBuffer));
    const kind = read.number();
    if (kind === liveMessages.kept) kept = read.number();
    if (kind !== liveMessages.document) return;
    const step = read.number();
    const bytes = read.bytes();
    if (step === liveSteps.ask) send("answer", Y.encodeStateAsUpdate(document, bytes));
    else Y.applyUpdate(document, bytes, socket);
    if (step === liveSteps.answer) joined.resolve();
  });
  await joined.promise;
  const text = document.getText("text");
  return {
    text: () => text.toJSON(),
    typeLine(line) {
      typing = line;
      text.insert(text.length, `${line}\n`);
      typing = undefined;
    },
    keptLines: () => sent.slice(0, kept).filter((line) => line !== undefined),
    isOpen: () => isOpen,
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}

/** Numbers and byte strings are those of lib0: seven bits a byte, the low ones first; a length before the bytes. */
function documentMessage(step: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([liveMessages.document, step, ...varUint(bytes.length), ...bytes]);
}

function varUint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push(128 + (left % 128));
  return [...bytes, left];
}

function reader(message: Uint8Array) {
  let at = 0;
  const number = (): number => {
    for (let [value, weight] = [0, 1]; ; weight *= 128) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte % 128) * weight;
      if (byte < 128) return value;
    }
  };
  const bytes = (): Uint8Array => {
    const length = number();
    return message.subarray(at, (at += length));
  };
  return { number, bytes };
}
