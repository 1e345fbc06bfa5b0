import { CommandError, exitCode, formatSize, formatTable, parseSize, printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import type { UserSummary } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface PasswordOptions extends StoreOptions {
  readonly passwordStdin?: boolean;
}

export interface AddUserOptions extends PasswordOptions {
  readonly email: string;
  readonly admin?: boolean;
  readonly quota?: string;
}

/** `satchel admin user add NAME` */
export function addUser(context: CommandContext, name: string, options: AddUserOptions): Promise<void> {
  return explainServerErrors(async () => {
    const quotaBytes = options.quota === undefined ? null : parseSize(options.quota);
    const password = await readPassword(context, options);
    const user = { name, email: options.email, password, isAdmin: options.admin ?? false, quotaBytes };
    await server.addUser(storeConfig(context, options), user);
    context.terminal.note(`Created the account ${name}: \`satchel login URL\` signs a device in.`);
  });
}

/** `satchel admin user list` */
export function listUsers(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    const users = await server.listUsers(storeConfig(context, options));
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(users.map(plainUser)));
    if (users.length === 0) return terminal.note("There are no accounts: `satchel admin user add NAME` makes one.");
    for (const line of formatTable(userColumns, users)) terminal.print(line);
  });
}

function plainUser(user: UserSummary): object {
  const { name, email, isAdmin: admin, disabled, quotaBytes: quota, usedBytes: used, createdAtMs } = user;
  return { name, email, admin, disabled, quota, used, created: new Date(createdAtMs).toISOString() };
}

const userColumns = [
  { title: "NAME", value: (user: UserSummary) => printable(user.name) },
  { title: "EMAIL", value: (user: UserSummary) => printable(user.email) },
  { title: "USED", align: "right", value: (user: UserSummary) => formatSize(user.usedBytes) },
  {
    title: "QUOTA",
    align: "right",
    value: (user: UserSummary) => (user.quotaBytes === null ? "-" : formatSize(user.quotaBytes)),
  },
  {
    title: "",
    value: (user: UserSummary) => [user.isAdmin ? "admin" : "", user.disabled ? "disabled" : ""].join(" ").trim(),
  },
] as const;

/** `satchel admin user disable|enable NAME` */
export function setDisabled(
  context: CommandContext,
  name: string,
  options: StoreOptions & { disabled: boolean },
): Promise<void> {
  return explainServerErrors(async () => {
    await server.disableUser(storeConfig(context, options), name, options.disabled);
    context.terminal.note(
      options.disabled ? `${name} can sign in no more, and its devices are signed out.` : `${name} can sign in again.`,
    );
  });
}

/** `satchel admin user password NAME` */
export function setPassword(context: CommandContext, name: string, options: PasswordOptions): Promise<void> {
  return explainServerErrors(async () => {
    await server.setUserPassword(storeConfig(context, options), name, await readPassword(context, options));
    context.terminal.note(`${name} has a new password, and its devices are signed out.`);
  });
}

export interface CheckOptions extends StoreOptions {
  readonly repair?: boolean;
  readonly from?: string;
  readonly keyFile?: string;
}

/** `satchel admin check` */
export function check(context: CommandContext, options: CheckOptions): Promise<number> {
  return explainServerErrors(async () => {
    const result = await checkOrRepair(storeConfig(context, options), options);
    const { terminal } = context;
    if (options.json) {
      terminal.print(JSON.stringify(result));
    } else {
      for (const problem of result.problems) terminal.print(printable(`${problem.code}: ${problem.message}`));
      const checked = Object.entries(result.checked).map(([what, count]) => `${count} ${what}`);
      terminal.print(
        `Checked ${checked.join(", ")}: ${result.ok ? "all is well." : "there are problems; restore a backup, or ask for help with this list."}`,
      );
    }
    if (!result.ok && options.repair)
      terminal.note(
        "Chunks that are damaged or lost were noted: a running server has them brought by devices that have them, as long as it takes. Check again later.",
      );
    return result.ok ? exitCode.done : exitCode.failed;
  });
}

function checkOrRepair(
  config: Parameters<typeof server.checkStore>[0],
  { repair = false, from, keyFile }: CheckOptions,
): ReturnType<typeof server.checkStore> {
  if (from === undefined) return server.checkStore(config, { repair });
  if (!repair) throw new CommandError(exitCode.usage, "--from says where to repair from: add --repair.");
  return server.repairFromBackup(config, { directory: from, keyFile });
}

async function readPassword({ terminal }: CommandContext, options: PasswordOptions): Promise<string> {
  if (options.passwordStdin) return (await terminal.readInput()).replace(/\r?\n$/, "");
  if (!terminal.isInteractive) throw new CommandError(exitCode.usage, "Nobody is there to ask: add --password-stdin.");
  const password = await terminal.ask("Password: ", { hidden: true });
  if ((await terminal.ask("Again: ", { hidden: true })) === password) return password;
  throw new CommandError(exitCode.failed, "The two passwords differ: try again.");
}
