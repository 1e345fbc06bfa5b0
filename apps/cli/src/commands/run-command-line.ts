import { Command, CommanderError } from "commander";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { CommandContext } from "./command-context.ts";
import type { Program } from "./client-commands.ts";

/**
 * Reads a command line (without the executable's name) and carries it out. Returns the exit code; what went wrong is said in one sentence on stderr.
 */
export async function runCommandLine(
  args: readonly string[],
  context: CommandContext,
  addCommands: (program: Program) => void,
): Promise<number> {
  let code: number = exitCode.done;
  const root = new Command("satchel").description(
    "Keeps a folder the same on all your devices, through a server of your own.",
  );
  prepare(root, context);
  addSharedOptions(root);
  addCommands({
    root,
    context,
    run:
      (work) =>
      async (...args) => {
        code = (await work(...args)) ?? exitCode.done;
      },
    add: (parent, usage, description) => parent.command(usage).description(description).version(context.version),
  });
  try {
    await root.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return await endWith(error, context);
  }
}

/** Subcommands take this over. */
function prepare(root: Command, { terminal, version }: CommandContext): void {
  root
    .version(version)
    .exitOverride()
    // Else the program's own `--version` would take the one that follows a command.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError("Add --help to see how the command is used.");
}

/** `satchel --home DIR COMMAND` means what `satchel COMMAND --home DIR` does; the one after the command wins. */
function addSharedOptions(root: Command): void {
  root
    .option("--home <dir>", "the same as after a command")
    .option("--json", "the same as after a command")
    .hook("preAction", (_, command) => {
      for (const [name, value] of Object.entries(root.opts<Record<string, unknown>>())) {
        const takesIt = command.options.some((option) => option.attributeName() === name);
        if (takesIt && command.getOptionValue(name) === undefined) command.setOptionValue(name, value);
      }
    });
}

async function endWith(error: unknown, { terminal, signal }: CommandContext): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (signal.aborted && !(error instanceof CommandError)) return exitCode.interrupted;
  const { explainError } = await import("../output/explain-error.ts");
  const explanation = explainError(error);
  terminal.note(explanation.sentence);
  return explanation.exitCode;
}
