import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addClientCommands, exitCode, processTerminal, runCommandLine } from "@satchel/cli";
import { addServerCommands } from "./server-commands.ts";

// The one executable: reads the command line, starts the server or a command of the client.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    terminal: processTerminal(),
    env: process.env,
    cwd: process.cwd(),
    version,
    signal: stopSignal(),
    program: [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)],
  },
  (program) => {
    addServerCommands(program);
    addClientCommands(program);
  },
);

/** The first SIGINT or SIGTERM asks to stop in good order; the second one doesn't ask. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(exitCode.interrupted);
    stopping.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return stopping.signal;
}
