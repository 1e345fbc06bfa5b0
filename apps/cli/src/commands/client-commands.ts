import { Option } from "commander";
import type { ResolveOptions } from "./conflicts/resolve.ts";
import type { Command } from "commander";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { CommandContext, HomeOptions, OutputOptions } from "./command-context.ts";
import { addControlCommands } from "./control-commands.ts";
import { addInsightCommands } from "./insight-commands.ts";
import { addShareCommands } from "./sharing/share-commands.ts";
import type { SearchOptions } from "./search.ts";
import type { LoginOptions } from "./sign-in.ts";
import type { JoinOptions, StartOptions, SyncOptions } from "./sync.ts";

/** What carries out a command line: actions give their exit code to `run`, or nothing for 0. */
export interface Program {
  readonly root: Command;
  readonly context: CommandContext;
  /** Makes a command's action out of what does its work. */
  readonly run: <Arguments extends unknown[]>(
    work: (...args: Arguments) => Promise<number | void>,
  ) => (...args: Arguments) => Promise<void>;
  /** Adds a command to another one, with `--version`, as all have it. */
  readonly add: (parent: Command, usage: string, description: string) => Command;
}

/** Adds the commands of a device. Each loads what it needs when it runs, so that `--help` costs nothing. */
export function addClientCommands(program: Program): void {
  addSignInCommands(program);
  addSyncCommands(program);
  addControlCommands(program, { withHome, withJson });
  addInsightCommands(program, { withHome, withJson });
  addShareCommands(program, { withHome, withJson });
  addTreeCommands(program);
  addSearchCommand(program);
  addHistoryCommands(program);
  addHelpers(program);
}

function addSignInCommands(program: Program): void {
  const { root, context, run } = program;
  withHome(program.add(root, "login <url>", "Sign this device in to a server"))
    .option(
      "--user <name>",
      "sign in by password; without it, a code and an address are shown, to confirm in a browser",
    )
    .option("--password-stdin", "read the password from standard input")
    .option("--device <name>", "how this device is called; default: the machine's name")
    .option("--otp <code>", "the second factor's code, where the account has one")
    .action(
      run(async (url: string, options: LoginOptions) => (await import("./sign-in.ts")).login(context, url, options)),
    );
  withHome(program.add(root, "logout", "Revoke this device's login; the folder's files stay")).action(
    run(async (options: HomeOptions) => (await import("./sign-in.ts")).logout(context, options)),
  );
  withJson(
    program.add(root, "invite", "Make a join code, with which another device signs in within 10 minutes"),
  ).action(run(async (options: OutputOptions) => (await import("./sign-in.ts")).invite(context, options)));
  withHome(program.add(root, "token", "Print an access token for scripts that call the API")).action(
    run(async (options: HomeOptions) => (await import("./sign-in.ts")).token(context, options)),
  );
  withJson(
    program.add(
      root,
      "join <code> [dir]",
      "Sign in with the code that another device shows, and keep DIR (default ~/Satchel) in sync",
    ),
  )
    .option("--device <name>", "how this device is called; default: the machine's name")
    .option("--background", "keep in sync in the background")
    .action(
      run(async (code: string, dir: string | undefined, options: JoinOptions) =>
        (await import("./sync.ts")).join(context, code, dir, options),
      ),
    );
}

const anewHelp = "forget what this device remembers of DIR, and merge it with the server again, losing nothing";

function addSyncCommands(program: Program): void {
  const { root, context, run } = program;
  withJson(program.add(root, "sync <dir>", "Keep DIR and the account's folder the same, in the foreground"))
    .option("--once", "end when both were equal")
    .option("--anew", anewHelp)
    .addOption(new Option("--background").hideHelp())
    .action(run(async (dir: string, options: SyncOptions) => (await import("./sync.ts")).sync(context, dir, options)));
  withJson(program.add(root, "start <dir>", "Keep DIR in sync in the background"))
    .option("--anew", anewHelp)
    .action(
      run(async (dir: string, options: StartOptions) => (await import("./sync.ts")).start(context, dir, options)),
    );
  withHome(
    program.add(root, "autostart <on|off|status> [dir]", "Keep DIR in sync from each sign-in at this machine on"),
  ).action(
    run(async (turn: string, folder: string | undefined, options: HomeOptions) =>
      (await import("../autostart/autostart.ts")).autostart(
        context,
        { turn, folder, platform: process.platform },
        options,
      ),
    ),
  );
  withHome(program.add(root, "stop", "End the sync of this home")).action(
    run(async (options: HomeOptions) => (await import("./control-sync.ts")).stop(context, options)),
  );
  withJson(program.add(root, "status [path]", "Tell how the sync stands, or how one item does")).action(
    run(async (path: string | undefined, options: OutputOptions) =>
      (await import("./control-sync.ts")).status(context, path, options),
    ),
  );
  withHome(program.add(root, "wait", "Return when all changes of this moment are on both sides"))
    .option("--timeout <seconds>", "give up after this time, with exit code 124")
    .action(
      run(async (options: HomeOptions & { timeout?: string }) =>
        (await import("./control-sync.ts")).wait(context, options),
      ),
    );
}

function addTreeCommands(program: Program): void {
  const { root, context, run } = program;
  withJson(program.add(root, "ls [path]", "List a folder on the server")).action(
    run(async (path: string | undefined, options: OutputOptions) =>
      (await import("./list.ts")).list(context, path ?? "/", options),
    ),
  );
  withJson(program.add(root, "get <path> [local]", "Fetch a file from the server")).action(
    run(async (path: string, local: string | undefined, options: OutputOptions) =>
      (await import("./get.ts")).get(context, path, local, options),
    ),
  );
  withJson(
    program.add(root, "put <local> [path]", "Send a file to the server, as a new version where there is one"),
  ).action(
    run(async (local: string, path: string | undefined, options: OutputOptions) =>
      (await import("./put.ts")).put(context, local, path, options),
    ),
  );
  withJson(program.add(root, "mkdir <path>", "Make a folder on the server"))
    .option("-p, --parents", "make missing folders above it; a folder that is there is fine")
    .action(
      run(async (path: string, options: OutputOptions & { parents?: boolean }) =>
        (await import("./change-tree.ts")).makeFolder(context, path, options),
      ),
    );
  withJson(program.add(root, "mv <from> <to>", "Move or rename on the server; into TO where that is a folder")).action(
    run(async (from: string, to: string, options: OutputOptions) =>
      (await import("./change-tree.ts")).move(context, from, to, options),
    ),
  );
  withJson(program.add(root, "rm <path>", "Move a file or a whole folder to the trash")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./change-tree.ts")).remove(context, path, options),
    ),
  );
}

function addSearchCommand(program: Program): void {
  const { root, context, run } = program;
  withJson(
    program.add(root, "search [words...]", "Find files and folders on the server by name or contents, best first"),
  )
    .option("--type <kinds>", "only these, such as image,video or folder")
    .option("--in <path>", "only below this folder")
    .option("--min-size <size>", "at least so large, such as 10MB")
    .option("--max-size <size>", "at most so large")
    .option("--after <time>", "modified since then, such as 2026-01-31")
    .option("--before <time>", "modified until then")
    .option("--owner <name>", "only what is in folders of this account")
    .option("--shared", "only what is in shared folders")
    .option("--no-shared", "only what is in none")
    .option("--limit <count>", "the most results; 50 if left out")
    .action(
      run(async (words: string[], options: SearchOptions) =>
        (await import("./search.ts")).search(context, words, options),
      ),
    );
}

function addHistoryCommands(program: Program): void {
  const { root, context, run } = program;
  withJson(program.add(root, "versions <path>", "List a file's versions, newest first")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./history.ts")).versions(context, path, options),
    ),
  );
  withJson(program.add(root, "comments <path>", "List what people say about a file")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./comments.ts")).comments(context, path, options),
    ),
  );
  const { version } = context;
  withJson(
    root
      .command("restore [path]")
      .usage("[options] <path>")
      .description("Bring back what was deleted, an old version, or a folder as it was"),
  )
    // Every command has `--version`; here it takes the version to restore, and only without one tells the program's.
    .option("--version [id]", "make this version the newest one")
    .option("--at <time>", "as it was at this time, such as 2026-01-31T12:00:00Z")
    .action(
      run(async (path: string | undefined, options: OutputOptions & { version?: string | true; at?: string }) => {
        const { version: id, ...others } = options;
        if (id === true) return context.terminal.print(version);
        if (path === undefined)
          throw new CommandError(exitCode.usage, "The PATH of what to restore is missing: add it.");
        return (await import("./history.ts")).restore(context, path, {
          ...others,
          ...(id === undefined ? {} : { version: id }),
        });
      }),
    );
  withJson(program.add(root, "trash", "List what was deleted and can be restored")).action(
    run(async (options: OutputOptions) => (await import("./history.ts")).trash(context, options)),
  );
  withJson(program.add(root, "conflicts", "List conflicted copies that nobody has resolved yet")).action(
    run(async (options: OutputOptions) => (await import("./history.ts")).conflicts(context, options)),
  );
  withJson(
    program.add(root, "resolve <path...>", "Resolve conflicts: of a copy, of a file, or of all that a pattern fits"),
  )
    .option("--keep <what>", "mine (the conflicted copy), theirs (the file that has the name), both, or merged")
    .option(
      "--with <local>",
      "with --keep merged: the file that has what you made of both; left out, they are merged if that needs no guess",
    )
    .action(
      run(async (paths: string[], options: ResolveOptions) =>
        (await import("./conflicts/resolve.ts")).resolve(context, paths, options),
      ),
    );
}

function addHelpers(program: Program): void {
  const { root, context, run } = program;
  const ignore = program.add(root, "ignore", "Look at what is left out of the sync");
  withJson(
    program.add(ignore, "test <path>", "Name the rule that leaves PATH out; exit code 1 if there is none"),
  ).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./ignore.ts")).testIgnore(context, path, options),
    ),
  );
  program.add(root, "completion <shell>", "Print a completion script for bash, zsh or fish").action(
    run(async (shell: string) => {
      const { completionScript } = await import("./completion.ts");
      context.terminal.print(completionScript(shell, root).trimEnd());
    }),
  );
  program.add(root, "manual", "Print the manual page: satchel manual | man -l -").action(
    run(async () => {
      const { manualPage } = await import("./manual.ts");
      context.terminal.print(manualPage(root, context.version).trimEnd());
    }),
  );
}

function withHome(command: Command): Command {
  return command.option(
    "--home <dir>",
    "where this device keeps its state; default: $SATCHEL_HOME, else the system's place for it",
  );
}

function withJson(command: Command): Command {
  return withHome(command).option("--json", "print JSON to standard output, everything else to standard error");
}
