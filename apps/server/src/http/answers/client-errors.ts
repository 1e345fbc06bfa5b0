import type { Socket } from "node:net";
import { ProblemError } from "@satchel/protocol";
import { describeProblem, problemHeaders } from "./problem-answers.ts";

/** Answers what isn't HTTP, or has too long a head, or takes too long: there is no request yet that fastify could answer. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const isSlow = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const isLong = error.code === "HPE_HEADER_OVERFLOW";
  socket.end(
    rawProblem(
      new ProblemError(
        "bad_request",
        isSlow
          ? "the request took too long to arrive"
          : isLong
            ? "the head of the request is too long"
            : "this is not a valid HTTP request",
      ),
    ),
  );
}

/** A whole HTTP/1.1 answer, for a socket that no request handler looks after. */
export function rawProblem(problem: ProblemError, requestId?: string): string {
  const body = JSON.stringify(describeProblem(problem, requestId));
  const headers = {
    ...problemHeaders(problem),
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.status} ${problem.code}`, ...lines, "", body].join("\r\n");
}
