import type { FakeTerminal } from "../output/fake-terminal.fixture.ts";
import { fakeTerminal } from "../output/fake-terminal.fixture.ts";
import { addClientCommands } from "./client-commands.ts";
import type { CommandContext } from "./command-context.ts";
import { runCommandLine } from "./run-command-line.ts";

export interface FakeContext extends CommandContext {
  readonly terminal: FakeTerminal;
}

/** A context whose home is `home`, with nobody in front of the terminal. */
export function fakeContext(home: string, terminal = fakeTerminal()): FakeContext {
  return {
    terminal,
    env: { SATCHEL_HOME: home },
    cwd: home,
    version: "1.2.3",
    signal: new AbortController().signal,
    program: ["nobody"],
  };
}

export function runClient(args: readonly string[], context: CommandContext): Promise<number> {
  return runCommandLine(args, context, addClientCommands);
}
