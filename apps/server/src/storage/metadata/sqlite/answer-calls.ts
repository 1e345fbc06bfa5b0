import type { MessagePort } from "node:worker_threads";
import { restWhenQuiet } from "../../../memory/rest-when-quiet.ts";
import { postTogether } from "./post-together.ts";
import { encodeError, type AnswerMessage, type CallMessage } from "./worker-messages.ts";

/** A method that is called by name, as `section.method`. */
export type Call = (...parameters: readonly unknown[]) => Promise<unknown>;

/** The other end of a `WorkerCaller`: opens the database, says whether that could be done, and carries out the calls. */
export async function answerCalls(port: MessagePort, open: () => Promise<ReadonlyMap<string, Call>>): Promise<void> {
  const answer = postTogether<AnswerMessage>({
    post: (messages) => port.postMessage(messages),
    onUnsendable: ({ id }, error) => port.postMessage([{ id, error: encodeError(error) }]),
  });
  try {
    const calls = await open();
    const touched = restWhenQuiet();
    port.on("message", (messages: readonly CallMessage[]) => {
      touched();
      for (const message of messages)
        carryOut(calls, message).then(answer, (error: unknown) =>
          answer({ id: message.id, error: encodeError(error) }),
        );
    });
    answer({ id: 0, value: undefined });
  } catch (error) {
    answer({ id: 0, error: encodeError(error) });
  }
}

async function carryOut(calls: ReadonlyMap<string, Call>, message: CallMessage): Promise<AnswerMessage> {
  const call = calls.get(`${message.section}.${message.method}`);
  if (!call) throw new Error(`the store has no method ${message.section}.${message.method}`);
  return { id: message.id, value: await call(...message.parameters) };
}
