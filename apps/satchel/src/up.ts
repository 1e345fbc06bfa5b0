import { resolve } from "node:path";
import { CommandError, exitCode, joinLine, keepInSync } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import { createJoinCode, serverConfig, startServer } from "@satchel/server";
import type { ServerConfig, ServerOptions } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { openFirstAccount } from "./first-account.ts";
import { findDocsRoot } from "./docs-root.ts";
import { findWebRoot } from "./web-root.ts";

export interface UpOptions extends ServerOptions {
  readonly home?: string;
}

/** `satchel up [DIR]`: a server, an account on the first run, and a folder in sync with it, until SIGTERM or SIGINT. */
export function up(context: CommandContext, directory: string | undefined, options: UpOptions): Promise<number> {
  return explainServerErrors(async () => {
    const config = upConfig(options, context.env);
    if (config.databaseUrl !== undefined || config.blobs !== undefined) {
      throw new CommandError(
        exitCode.usage,
        "`up` runs on the embedded default: use `satchel serve` with --database and --blobs.",
      );
    }
    const server = await startServer(config);
    try {
      context.terminal.print(`Satchel is ready at ${server.url}`);
      const user = await openFirstAccount(config);
      await invite(context, config, { serverUrl: server.url, user: user.name });
      if (user.passwordFile !== undefined) tellPassword(context, user.name, user.passwordFile);
      return await keepInSync(context, {
        home: options.home,
        folder: directory === undefined ? undefined : resolve(context.cwd, directory),
        serverUrl: server.url,
        accountId: user.id,
        inviteSelf: async () => (await createJoinCode(config, user.name)).secret,
      });
    } finally {
      await server.stop();
    }
  });
}

/** Between what is said to a person, only the server's warnings, unless more is asked for. */
function upConfig(options: ServerOptions, env: NodeJS.ProcessEnv): ServerConfig {
  const config = serverConfig({ ...options, webRoot: findWebRoot(), docsRoot: findDocsRoot() }, env);
  return env["SATCHEL_LOG_LEVEL"] ? config : { ...config, logLevel: "warn" };
}

/** Prints the line for another device. */
async function invite(
  { terminal }: CommandContext,
  config: ServerConfig,
  to: { serverUrl: string; user: string },
): Promise<void> {
  const { secret } = await createJoinCode(config, to.user);
  terminal.note("Another device joins within 10 minutes with:");
  terminal.print(await joinLine({ serverUrl: to.serverUrl, secret }));
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(to.serverUrl).hostname);
  if (isLocal)
    terminal.note(
      "That works on this machine only: start with --listen HOST:PORT and --public-url URL for others to reach it.",
    );
}

function tellPassword({ terminal }: CommandContext, name: string, passwordFile: string): void {
  terminal.note(
    `The account is ${name}; its password is in ${passwordFile}, and \`satchel admin user password ${name}\` sets another.`,
  );
}
