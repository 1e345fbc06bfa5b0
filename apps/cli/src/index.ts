// Everything here is light: what is heavy is loaded by the command that needs it.
export { addClientCommands, type Program } from "./commands/client-commands.ts";
export type { CommandContext } from "./commands/command-context.ts";
export { runCommandLine } from "./commands/run-command-line.ts";
export { joinLine } from "./join/join-line.ts";
export { CommandError, exitCode } from "./output/exit-code.ts";
export { formatInstant, formatSize, printable } from "./output/format.ts";
export { parseSize } from "./output/parse-size.ts";
export { processTerminal } from "./output/process-terminal.ts";
export { formatTable } from "./output/table.ts";
export type { Terminal } from "./output/terminal.ts";
export { keepInSync, type SyncHere } from "./sync-here.ts";
