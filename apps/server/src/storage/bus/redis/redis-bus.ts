import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import type { Bus, BusMessage } from "../bus.ts";
import { decodeMessage, encodeMessage } from "../encode-message.ts";
import { createInProcessBus } from "../in-process-bus.ts";
import { OutgoingMessages } from "./outgoing-messages.ts";

export interface RedisBusOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly onListenerError: (error: unknown) => void;
  /** Told when Redis can't be reached, and when it can again. */
  readonly onFailure: (error: unknown) => void;
  readonly onRecovery?: () => void;
}

export interface RedisBus extends Bus {
  /** Sends what waits, for at most {@link closeMs}, and ends. */
  close(): Promise<void>;
}

type Client = ReturnType<typeof connect>["client"];

const stream = "satchel:bus";
/** About so many messages stay for processes that were away. */
const keptMessages = 100_000;
const messagesPerRead = 500;
/** Sent with one round trip. */
const messagesPerSend = 200;
const blockMs = 5000;
const connectMs = 5000;
const closeMs = 2000;
const minRetryMs = 50;
const maxRetryMs = 2000;

/**
 * The bus of several processes, on a stream of Redis (7 or newer). A process hears itself at once, and others as Redis tells. Whoever was cut off goes on where it was; where the stream doesn't reach back that far, or was emptied, a `gap`
 * is told, and all look again. While Redis is away messages wait; beyond a bound they are dropped, and a gap is told to the others. Order is kept for each publisher.
 * @throws Error when Redis can't be reached at the start
 */
export async function openRedisBus(options: RedisBusOptions): Promise<RedisBus> {
  const connections = [connect(options.url), connect(options.url)] as const;
  const [writer, reader] = connections.map(({ client }) => client) as [Client, Client];
  try {
    await Promise.all(connections.map(({ opened }) => opened()));
  } catch (error) {
    for (const client of [writer, reader]) if (client.isOpen) client.destroy();
    throw new Error(`the bus can't be reached: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const local = createInProcessBus({ onListenerError: options.onListenerError });
  const self = randomUUID();
  const stopping = new AbortController();
  const outgoing = new OutgoingMessages();
  const begin = await lastId(reader);
  const retry = retrying(stopping.signal, options);
  const reading = retry(readOn({ reader, self, begin, deliver: (message) => local.publish(message) }));
  const writing = retry(() => sendNext(writer, self, outgoing));
  return {
    publish(message, onSent) {
      local.publish(message);
      outgoing.add(encodeMessage(message), onSent);
    },
    subscribe: (listener) => local.subscribe(listener),
    async close() {
      await Promise.race([outgoing.sent(), sleep(closeMs, undefined, { ref: false })]);
      stopping.abort();
      outgoing.close();
      for (const client of [writer, reader]) client.destroy();
      await Promise.all([reading, writing]);
    },
  };
}

/** Commands fail at once while there is no connection: what waits, waits here, where it is bounded. A first connection that fails is not tried again. */
function connect(url: string) {
  let wasOpened = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: connectMs,
      reconnectStrategy: (retries, cause) => (wasOpened ? Math.min(minRetryMs * 2 ** retries, maxRetryMs) : cause),
    },
  });
  // Each command tells its own failure; the connection's events would end the process.
  client.on("error", () => undefined);
  const opened = async (): Promise<void> => {
    await client.connect();
    wasOpened = true;
  };
  return { client, opened };
}

/** Does a step again and again until stopped; after a failure it waits, longer each time. */
function retrying(signal: AbortSignal, { onFailure, onRecovery }: RedisBusOptions) {
  return async (step: () => Promise<void>): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await step();
        if (failures > 0) onRecovery?.();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0) onFailure(error);
        await sleep(Math.min(minRetryMs * 2 ** failures, maxRetryMs), undefined, { signal }).catch(() => undefined);
        failures += 1;
      }
    }
  };
}

/** A step of the reader: waits for what is new, and tells it. After a failure it looks whether the stream still reaches back to where it was. */
function readOn(parts: {
  readonly reader: Client;
  readonly self: string;
  readonly begin: string;
  readonly deliver: (message: BusMessage) => void;
}): () => Promise<void> {
  const { reader, self, deliver } = parts;
  let last = parts.begin;
  let isSure = true;
  return async () => {
    if (!isSure && !(await reachesBackTo(reader, last))) {
      last = await lastId(reader);
      deliver({ kind: "gap" });
    }
    isSure = false;
    const read = await reader.xRead({ key: stream, id: last }, { BLOCK: blockMs, COUNT: messagesPerRead });
    for (const { messages } of (read ?? []) as StreamRead[]) {
      for (const { id, message } of messages) {
        last = id;
        if (message["from"] === self) continue;
        const decoded = decodeMessage(message["body"] ?? "{}");
        if (decoded) deliver(decoded);
      }
    }
    isSure = true;
  };
}

interface StreamRead {
  readonly messages: readonly { readonly id: string; readonly message: Readonly<Record<string, string>> }[];
}

/** A step of the writer. What could not be sent is sent again: a message may come twice. */
async function sendNext(writer: Client, self: string, outgoing: OutgoingMessages): Promise<void> {
  const bodies = await outgoing.next(messagesPerSend);
  if (bodies.length === 0) return;
  const batch = writer.multi();
  for (const body of bodies)
    batch.xAdd(
      stream,
      "*",
      { from: self, body },
      { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: keptMessages } },
    );
  await batch.execAsPipeline();
  outgoing.remove(bodies.length);
}

const beforeAll = "0-0";

async function lastId(client: Client): Promise<string> {
  const [entry] = (await client.xRevRange(stream, "+", "-", { COUNT: 1 })) as { id: string }[];
  return entry?.id ?? beforeAll;
}

/** Whether everything behind `id` is still in the stream, and `id` is not from one that was emptied since. */
async function reachesBackTo(client: Client, id: string): Promise<boolean> {
  if (id === beforeAll) return (await client.xLen(stream)) < keptMessages;
  const [entry] = (await client.xRange(stream, id, id)) as { id: string }[];
  return entry !== undefined;
}
