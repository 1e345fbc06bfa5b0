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
      return zshScript(offers);
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
  return `_satchel() {
  local place="" words="" word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
${takeWord(offers)}
  done
  case "$place" in
${wordsByPlace(offers, (words) => `words=${JSON.stringify(words.join(" "))}`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _satchel satchel
`;
}

/** Works when it is sourced, and as a file `_satchel` in a folder of `fpath`. (`path` is no name for a variable there: zsh keeps PATH in it.) */
function zshScript(offers: readonly Offer[]): string {
  return `#compdef satchel
_satchel() {
  local place="" word
  local -a offers
  for word in "\${(@)words[2,CURRENT-1]}"; do
${takeWord(offers)}
  done
  case "$place" in
${wordsByPlace(offers, (words) => `offers=(${words.join(" ")})`)}
  esac
  compadd -a offers || _files
}
if [[ "\${funcstack[1]}" == _satchel ]]; then _satchel "$@"; else compdef _satchel satchel; fi
`;
}

/** Follows the commands on the line, as bash and zsh both read it; options and arguments are passed by. */
function takeWord(offers: readonly Offer[]): string {
  return `    case "\${place:+$place }$word" in ${commandPaths(offers)}) place="\${place:+$place }$word" ;; esac`;
}

function wordsByPlace(offers: readonly Offer[], assign: (words: readonly string[]) => string): string {
  return offers.map(({ path, words }) => `    ${JSON.stringify(path)}) ${assign(words)} ;;`).join("\n");
}

function commandPaths(offers: readonly Offer[]): string {
  return offers
    .filter(({ path }) => path !== "")
    .map(({ path }) => JSON.stringify(path))
    .join("|");
}

function fishScript(offers: readonly Offer[]): string {
  const paths = offers.flatMap(({ path }) => (path === "" ? [] : [`'${path}'`]));
  const lines = offers.flatMap(({ path, words }) =>
    words.map((word) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c satchel -n '__satchel_is_at "${path}"' ${what}`;
    }),
  );
  return `function __satchel_is_at
    set -l place ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$place $word")
        contains -- "$next" ${paths.join(" ")}; and set place $next
    end
    test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
