import type { IncomingMessage, ServerResponse } from "node:http";
import { ProblemError } from "@satchel/protocol";
import { rawProblem } from "../answers/client-errors.ts";
import type { App } from "../route-context.ts";

/** How long bodies may take. */
export interface RequestTime {
  /** From the head to the last byte. */
  readonly wholeMs: number;
  /** Where a route `takesLong`, in each such span at least {@link RequestTime.minBytes} have to come instead, however long the whole takes. */
  readonly spanMs: number;
  readonly minBytes: number;
}

/** A bundle of 16 MiB at 64 KiB/s; a large file at no less than a modem's speed. */
export const requestTime: RequestTime = { wholeMs: 300_000, spanMs: 120_000, minBytes: 64 * 1024 };

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body may take as long as it likes while it keeps coming. */
    takesLong?: boolean;
  }
}

/** Ends requests whose bodies take too long. Node has one time for all requests, which a large file by a slow line needs more of, and a bundle doesn't. [SE35] */
export function limitRequestTime(app: App, time: RequestTime): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (hasBody(request.raw))
      watchBody(request.raw, reply.raw, { time, takesLong: request.routeOptions.config.takesLong === true });
    done();
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function watchBody(
  request: IncomingMessage,
  answer: ServerResponse,
  { time, takesLong }: { readonly time: RequestTime; readonly takesLong: boolean },
): void {
  const { socket } = request;
  let readBytes = socket.bytesRead;
  const look = (): void => {
    // It came whole, also where nobody read it.
    if (request.complete || socket.destroyed) return stop();
    const movedBytes = socket.bytesRead - readBytes;
    readBytes = socket.bytesRead;
    if (takesLong && movedBytes >= time.minBytes) return;
    stop();
    // Behind an answer that has begun already, a second one would be taken for a part of it, or for the answer to what comes next.
    if (socket.writable && !answer.headersSent)
      socket.end(rawProblem(new ProblemError("bad_request", "the request took too long to arrive")));
    socket.destroySoon();
  };
  const timer = setInterval(look, takesLong ? time.spanMs : time.wholeMs).unref();
  const stop = (): void => {
    clearInterval(timer);
    request.off("end", stop);
    socket.off("close", stop);
  };
  request.once("end", stop);
  socket.once("close", stop);
}
