import type { Command } from "commander";
import { CommandError, exitCode } from "../output/exit-code.ts";

/** What a shell may offer at one place of the command line. */
interface Offer {
  /** The commands so far, such as `admin user`; empty for the program. */
  readonly path: string;
  readonly words: readonly string[];
}

/** `satchel completion bash|zsh|fish`: a script that offers commands and options, and else files. */
export function completionScript(shell: string, program: Command): string {
  const offers = collectOffers(program, "");
  switch (shell) {
    case "bash":
      return bashScript(offers);
    case "zsh":
      return `#compdef satchel\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(offers)}`;
    case "fish":
      return fishScript(offers);
    default:
      throw new CommandError(
        exitCode.usage,
        `There is no completion for ${JSON.stringify(shell)}: name bash, zsh or fish.`,
      );
  }
}

function collectOffers(command: Command, path: string): Offer[] {
  const commands = command.commands.filter((sub) => sub.name() !== "help");
  const options = command.options.filter((option) => !option.hidden).flatMap((option) => option.long ?? []);
  const words = [...commands.map((sub) => sub.name()), ...new Set([...options, "--help"])];
  return [{ path, words }, ...commands.flatMap((sub) => collectOffers(sub, `${path} ${sub.name()}`.trim()))];
}

function bashScript(offers: readonly Offer[]): string {
  const cases = offers.map(
    ({ path, words }) => `    ${JSON.stringify(path)}) words=${JSON.stringify(words.join(" "))} ;;`,
  );
  return `_satchel() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case "\${path:+$path }$word" in ${commandPaths(offers)}) path="\${path:+$path }$word" ;; esac ;; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _satchel satchel
`;
}

function commandPaths(offers: readonly Offer[]): string {
  return offers
    .filter(({ path }) => path !== "")
    .map(({ path }) => JSON.stringify(path))
    .join("|");
}

function fishScript(offers: readonly Offer[]): string {
  const lines = offers.flatMap(({ path, words }) => {
    const condition =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return words.map((word) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c satchel -n '${condition}' ${what}`;
    });
  });
  return `${lines.join("\n")}\n`;
}
