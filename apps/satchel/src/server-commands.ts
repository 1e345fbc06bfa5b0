import type { CommandContext, Program } from "@satchel/cli";
import type { Command } from "commander";
import type { AuditOptions } from "./admin-audit.ts";
import type { BackupOptions, MakeOptions, RestoreOptions } from "./admin-backup.ts";
import type { GarbageOptions } from "./admin-gc.ts";
import type { PromoteOptions } from "./admin-promote.ts";
import type { QuarantineOptions } from "./admin-quarantine.ts";
import type { AddUserOptions, CheckOptions, PasswordOptions } from "./admin.ts";
import type { AddClientOptions, InviteOptions } from "./admin-identity.ts";
import type { ServeOptions } from "./serve.ts";
import type { StoreOptions } from "./store-config.ts";
import type { UpOptions } from "./up.ts";

/** Adds the commands of a server. Each loads the server when it runs. */
export function addServerCommands(program: Program): void {
  const { root, context, run } = program;
  withPlace(
    program.add(
      root,
      "up [dir]",
      "The shortest start: a server, an account, and DIR (default ~/Satchel) in sync with it",
    ),
  )
    .option("--home <dir>", "where this device keeps its state; default: $SATCHEL_HOME, else the system's place for it")
    .action(
      run(async (dir: string | undefined, options: UpOptions) => (await import("./up.ts")).up(context, dir, options)),
    );
  withStores(
    withPlace(program.add(root, "serve", "Run a server; with no options on SQLite and files in one directory")),
  )
    .option("--tls-cert <file>", "certificate with its chain, in PEM, to listen with TLS; or $SATCHEL_TLS_CERT")
    .option("--tls-key <file>", "the certificate's key, in PEM; or $SATCHEL_TLS_KEY")
    .option("--cache <url>", "redis:// address; or $SATCHEL_CACHE")
    .option("--bus <url>", "redis:// address, for several servers on the same stores; or $SATCHEL_BUS")
    .option("--role <list>", "comma list out of api, notify, worker; default: all; or $SATCHEL_ROLE")
    .action(run(async (options: ServeOptions) => (await import("./serve.ts")).serve(context, options)));
  addAdminCommands(program, context);
}

function addAdminCommands(program: Program, context: CommandContext): void {
  const { run } = program;
  const admin = program.add(program.root, "admin", "Look after a server's accounts and stores");
  withData(program.add(admin, "check", "Verify everything that is stored"))
    .option("--json", "print the result as JSON")
    .option("--repair", "have chunks that are damaged or lost brought again, by devices that have them")
    .option("--from <backup>", "with --repair: take them out of this backup first; the server must not run")
    .option("--key-file <file>", "the backup's key; default: DIR/keys/backup.key")
    .action(run(async (options: CheckOptions) => (await import("./admin.ts")).check(context, options)));
  withData(
    program.add(
      admin,
      "gc",
      "Remove at once what is past its time by the settings, which have to be the server's, and what nobody holds; the server must not run",
    ),
  )
    .option("--dry-run", "count what nobody holds, and change nothing; beside a running server, too")
    .option("--json", "print the result as JSON")
    .action(run(async (options: GarbageOptions) => (await import("./admin-gc.ts")).collect(context, options)));
  addSecurityCommands(program, admin);
  addBackupCommands(program, admin);
  addPromoteCommand(program, admin);
  const user = program.add(admin, "user", "Look after accounts");
  withData(program.add(user, "add <name>", "Create an account"))
    .requiredOption("--email <address>", "where the account's owner can be reached")
    .option("--password-stdin", "read the password from standard input; else you are asked")
    .option("--admin", "may look after the server")
    .option("--quota <size>", "the most it may store, such as 10GB; default: no limit")
    .action(
      run(async (name: string, options: AddUserOptions) =>
        (await import("./admin.ts")).addUser(context, name, options),
      ),
    );
  withData(program.add(user, "list", "List the accounts"))
    .option("--json", "print the list as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin.ts")).listUsers(context, options)));
  for (const verb of ["disable", "enable"] as const) {
    const what =
      verb === "disable"
        ? "Let an account sign in no more, and sign out its devices"
        : "Let a disabled account sign in again";
    withData(program.add(user, `${verb} <name>`, what)).action(
      run(async (name: string, options: StoreOptions) =>
        (await import("./admin.ts")).setDisabled(context, name, { ...options, disabled: verb === "disable" }),
      ),
    );
  }
  addHoldingCommands(program, user);
  withData(program.add(user, "password <name>", "Set an account's password, and sign out its devices"))
    .option("--password-stdin", "read the password from standard input; else you are asked")
    .action(
      run(async (name: string, options: PasswordOptions) =>
        (await import("./admin.ts")).setPassword(context, name, options),
      ),
    );
  addIdentityCommands(program, { admin, user });
}

/** What was done, and the key that protects all. */
function addSecurityCommands(program: Program, admin: Command): void {
  const { context, run } = program;
  withData(program.add(admin, "audit", "Show who did what on the server, newest first"))
    .option("--json", "print one record a line, as JSON")
    .option("--user <name>", "only what is about this account")
    .action(run(async (options: AuditOptions) => (await import("./admin-audit.ts")).audit(context, options)));
  withData(program.add(admin, "mail", "Show messages that wait for the mail server, or were given up"))
    .option("--json", "print the list as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin-mail.ts")).mail(context, options)));
  const jobs = program.add(admin, "jobs", "Look after what is done in the background");
  withData(program.add(jobs, "list", "Show what waits, is being done, or was given up"))
    .option("--json", "print the list as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin-jobs.ts")).listJobs(context, options)));
  withData(program.add(jobs, "retry [kind]", "Have what was given up done after all, of one kind or of all")).action(
    run(async (kind: string | undefined, options: StoreOptions) =>
      (await import("./admin-jobs.ts")).retryJobs(context, kind, options),
    ),
  );
  const quarantine = program.add(admin, "quarantine", "Look after files in which malware was found");
  withData(program.add(quarantine, "list", "Show what is held, and what was let out"))
    .option("--json", "print the list as JSON")
    .option("--cursor <cursor>", "the `cursor` of the page before: what comes after it")
    .action(
      run(async (options: QuarantineOptions) =>
        (await import("./admin-quarantine.ts")).listQuarantine(context, options),
      ),
    );
  withData(program.add(quarantine, "allow <version>", "Let a content out, for everybody who has the file")).action(
    run(async (version: string, options: StoreOptions) =>
      (await import("./admin-quarantine.ts")).allowQuarantined(context, version, options),
    ),
  );
  const key = program.add(admin, "key", "Look after the key that protects what is stored");
  withData(program.add(key, "status", "Show who keeps the master key"))
    .option("--json", "print it as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin-key.ts")).keyStatus(context, options)));
  withData(program.add(key, "rotate", "Make a new master key; what is stored is not encrypted anew"))
    .option("--json", "print the result as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin-key.ts")).keyRotate(context, options)));
}

/** To have everything elsewhere, and back. */
function addBackupCommands(program: Program, admin: Command): void {
  const { context, run } = program;
  const withBackup = (command: Command): Command =>
    withData(command)
      .option("--key-file <file>", "the backup's key, 64 hex digits; default: backup.key beside the server's keys")
      .option("--json", "print the result as JSON");
  withBackup(program.add(admin, "backup <dir>", "Copy all that is new into an encrypted backup, while the server runs"))
    .option("--keep <count>", "then remove older snapshots than the newest so many, and what only they need")
    .option("--with-key", "put a copy of the key into the backup: whoever has it can then read it")
    .action(
      run(async (dir: string, options: MakeOptions) =>
        (await import("./admin-backup.ts")).backup(context, dir, options),
      ),
    );
  withBackup(program.add(admin, "restore <dir>", "Fill an empty server from a backup"))
    .option("--snapshot <name>", "as the server was then; default: the newest")
    .action(
      run(async (dir: string, options: RestoreOptions) =>
        (await import("./admin-backup.ts")).restore(context, dir, options),
      ),
    );
  withBackup(program.add(admin, "verify <dir>", "Read a whole backup, and tell what is damaged")).action(
    run(async (dir: string, options: BackupOptions) =>
      (await import("./admin-backup.ts")).verify(context, dir, options),
    ),
  );
}

/** From one machine's stores to those of many. */
function addPromoteCommand(program: Program, admin: Command): void {
  const { context, run } = program;
  withData(
    program.add(
      admin,
      "promote",
      "Move a server from its directory to PostgreSQL and S3 while it runs; ends once it was stopped",
    ),
  )
    .option("--abandon", "give up a move that did not come to its end: the server stays where it is")
    .option("--json", "print the result as JSON")
    .action(run(async (options: PromoteOptions) => (await import("./admin-promote.ts")).promote(context, options)));
}

/** What an account has: how much, to take along, and to have erased. */
function addHoldingCommands(program: Program, user: Command): void {
  const { context, run } = program;
  withData(
    program.add(user, "quota <name> [size]", "Show what an account uses, or set the most that it may: a size, or none"),
  )
    .option("--json", "print the use as JSON")
    .action(
      run(async (name: string, size: string | undefined, options: StoreOptions) =>
        (await import("./admin-quota.ts")).quota(context, { name, size }, options),
      ),
    );
  withData(program.add(user, "delete <name>", "Erase an account and all that it has, after a time of grace"))
    .option("--now", "at once, without a way back")
    .action(
      run(async (name: string, options: StoreOptions & { now?: boolean }) =>
        (await import("./admin-privacy.ts")).deleteUser(context, name, options),
      ),
    );
  withData(program.add(user, "keep <name>", "Take an account's deletion back")).action(
    run(async (name: string, options: StoreOptions) =>
      (await import("./admin-privacy.ts")).keepUser(context, name, options),
    ),
  );
  withData(
    program.add(user, "export <name> <file>", "Write everything about an account into a new tar archive"),
  ).action(
    run(async (name: string, file: string, options: StoreOptions) =>
      (await import("./admin-privacy.ts")).exportUser(context, { name, file }, options),
    ),
  );
}

/** Who gets in, and which programs of others may ask to. */
function addIdentityCommands({ add, run, context }: Program, { admin, user }: { admin: Command; user: Command }): void {
  withData(add(admin, "invite", "Print a link with which one person makes an account, within 7 days"))
    .option("--email <address>", "send it there, too, where mail is set up")
    .option("--public-url <url>", "the address under which others reach the server; or $SATCHEL_PUBLIC_URL")
    .action(run(async (options: InviteOptions) => (await import("./admin-identity.ts")).invite(context, options)));
  const client = add(admin, "client", "Look after programs of others, which people may let in");
  withData(add(client, "add <name>", "Make a program known, and print its client id"))
    .requiredOption("--redirect <uri...>", "where it takes people back; may be given more than once")
    .action(
      run(async (name: string, options: AddClientOptions) =>
        (await import("./admin-identity.ts")).addClient(context, name, options),
      ),
    );
  withData(add(client, "list", "List the programs that are known"))
    .option("--json", "print the list as JSON")
    .action(run(async (options: StoreOptions) => (await import("./admin-identity.ts")).listClients(context, options)));
  withData(add(client, "remove <id>", "Forget a program")).action(
    run(async (id: string, options: StoreOptions) =>
      (await import("./admin-identity.ts")).removeClient(context, id, options),
    ),
  );
  withData(
    add(user, "remove-factors <name>", "Take an account's second factors away, for somebody who lost them"),
  ).action(
    run(async (name: string, options: StoreOptions) =>
      (await import("./admin-identity.ts")).removeFactors(context, name, options),
    ),
  );
}

function withPlace(command: Command): Command {
  return command
    .option("--data <dir>", "where everything is kept; default: $SATCHEL_DATA, else the system's place for it")
    .option("--listen <host:port>", "default 127.0.0.1:7420; port 0 takes a free one; or $SATCHEL_LISTEN")
    .option("--public-url <url>", "the address under which others reach the server; or $SATCHEL_PUBLIC_URL");
}

function withStores(command: Command): Command {
  return command
    .option("--database <url>", "postgres:// address; or $SATCHEL_DATABASE")
    .option("--blobs <url>", "s3://BUCKET[/PREFIX] for the chunks; or $SATCHEL_BLOBS");
}

function withData(command: Command): Command {
  return withStores(
    command.option(
      "--data <dir>",
      "the server's data directory; default: $SATCHEL_DATA, else the system's place for it",
    ),
  );
}
