import type { Command } from "commander";

/** The manual page of the whole program, for `man`: what `--help` says of each command, in the order of the help. */
export function manualPage(program: Command, version: string): string {
  const commands = collectCommands(program);
  return [
    `.TH SATCHEL 1 "" "satchel ${version}" "Satchel"`,
    ".SH NAME",
    `satchel \\- ${roff(program.description())}`,
    ".SH SYNOPSIS",
    ".B satchel",
    "[options] [command]",
    ".SH COMMANDS",
    ...commands.flatMap(describeCommand),
    ".SH EXIT STATUS",
    ...exitStatus.flatMap(([code, meaning]) => [".TP", `.B ${code}`, roff(meaning)]),
    "",
  ].join("\n");
}

const exitStatus: readonly (readonly [code: number, meaning: string])[] = [
  [0, "Done."],
  [1, "Failed; the reason is on standard error."],
  [2, "Wrong usage."],
  [3, "Not logged in, or the login was revoked."],
  [4, "The server can't be reached."],
  [5, "Finished, but some items could not be synchronised."],
  [124, "The time given by --timeout ran out."],
];

interface Described {
  readonly path: string;
  readonly command: Command;
}

function collectCommands(command: Command, path = ""): Described[] {
  return command.commands
    .filter((sub) => sub.name() !== "help")
    .flatMap((sub) => {
      const own = `${path} ${sub.name()}`.trim();
      return [{ path: own, command: sub }, ...collectCommands(sub, own)];
    });
}

function describeCommand({ path, command }: Described): string[] {
  const usage = [path, command.usage()].join(" ");
  const options = command.options.filter((option) => !option.hidden);
  return [
    `.SS ${roff(`satchel ${usage}`)}`,
    roff(command.description()),
    ...options.flatMap(({ flags, description }) => [".TP", `.B ${roff(flags)}`, roff(description)]),
  ];
}

/** Nothing in a text is a request of roff's. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1");
}
