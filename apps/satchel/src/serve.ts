import { once } from "node:events";
import type { CommandContext } from "@satchel/cli";
import { serverConfig, startServer } from "@satchel/server";
import type { ServerOptions } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { findDocsRoot } from "./docs-root.ts";
import { findWebRoot } from "./web-root.ts";

export type ServeOptions = ServerOptions;

/** `satchel serve`: until SIGTERM or SIGINT; then what is in flight is finished. */
export function serve({ terminal, env, signal }: CommandContext, options: ServeOptions): Promise<void> {
  return explainServerErrors(async () => {
    const server = await startServer(
      serverConfig({ ...options, webRoot: findWebRoot(), docsRoot: findDocsRoot() }, env),
    );
    try {
      terminal.print(`Satchel is ready at ${server.url}`);
      if (server.setUp) {
        terminal.note(`There is no account yet. Make the first one in a browser: ${server.setUp.url}`);
        terminal.note(`From another machine that asks for this set-up code: ${server.setUp.code}`);
      }
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await server.stop();
    }
  });
}
