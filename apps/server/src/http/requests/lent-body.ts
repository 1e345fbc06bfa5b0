import type { FastifyRequest } from "fastify";
import { maxChunkSizeBytes } from "@satchel/protocol";
import { LentMemory, type Loan } from "../../memory/lent-memory.ts";
import type { App } from "../route-context.ts";

/** A bundle or a commit as devices send them: up to 4 MiB of chunks, and a head that names them, or tells of 400 files. */
const maxLentBodyBytes = maxChunkSizeBytes + 512 * 1024;
/** What the bodies of that many requests need may stay in memory between them. */
const maxIdleBodies = 8;

/** Lends the bodies of routes with `config.lendsBody` their memory, and takes it back when the request is over. */
export function installLentBodies(app: App): void {
  const memory = new LentMemory({
    minLoanBytes: 64 * 1024,
    maxLoanBytes: maxLentBodyBytes,
    maxIdleBlocks: maxIdleBodies,
    idleMs: 5_000,
  });
  app.decorate("bodyMemory", memory);
  app.decorateRequest("bodyLoan", null);
  // Of a request that never came to its handler; the handler's own loan ends when it says so, which may be later than the connection does.
  app.addHook("onResponse", async (request) => request.bodyLoan?.giveBack());
}

/** Does a handler's work with the body, and gives its memory back when that has settled: no thread looks at it any more. */
export async function withLentBody<Result>(request: FastifyRequest, work: () => Promise<Result>): Promise<Result> {
  const loan = request.bodyLoan;
  request.bodyLoan = null;
  try {
    return await work();
  } finally {
    loan?.giveBack();
  }
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body's memory is lent: the handler does its work in {@link withLentBody}, and keeps none of it. */
    lendsBody?: boolean;
  }
  interface FastifyInstance {
    bodyMemory: LentMemory;
  }
  interface FastifyRequest {
    bodyLoan: Loan | null;
  }
}
