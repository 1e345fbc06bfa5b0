import { CommandError, exitCode, formatTable, printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface InviteOptions extends StoreOptions {
  readonly email?: string;
  readonly publicUrl?: string;
}

export interface AddClientOptions extends StoreOptions {
  readonly redirect: readonly string[];
}

/** `satchel admin invite` */
export function invite({ terminal, env }: CommandContext, options: InviteOptions): Promise<void> {
  return explainServerErrors(async () => {
    const config = storeConfig({ env }, options);
    if (config.identity.signUp === "closed")
      throw new CommandError(
        exitCode.failed,
        "Sign-up is closed: set SATCHEL_SIGN_UP to invitation, for the server too.",
      );
    const { path, isMailed } = await server.inviteUser(config, options.email);
    terminal.print(`${config.publicUrl ?? "http://127.0.0.1:7420"}${path}`);
    const { email = "" } = options;
    terminal.note(
      isMailed
        ? `The link is on its way to ${email}, too. It is good for one account, within 7 days.`
        : "Send this link to whom you invite. It is good for one account, within 7 days.",
    );
  });
}

/** `satchel admin client add NAME --redirect URI` */
export function addClient(context: CommandContext, name: string, options: AddClientOptions): Promise<void> {
  return explainServerErrors(async () => {
    const { redirect: redirectUris } = options;
    const id = await server.addOAuthClient(storeConfig(context, options), { name, redirectUris });
    context.terminal.print(id);
    context.terminal.note(`${name} is known now: this is its client id. It needs no secret, but PKCE.`);
  });
}

/** `satchel admin client list` */
export function listClients(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    const clients = await server.listOAuthClients(storeConfig(context, options));
    const { terminal } = context;
    if (options.json) {
      const plain = clients.map(({ id, name, redirectUris }) => ({ id, name, redirect_uris: redirectUris }));
      return terminal.print(JSON.stringify(plain));
    }
    if (clients.length === 0) return terminal.note("No programs of others are known.");
    for (const line of formatTable(clientColumns, clients)) terminal.print(line);
  });
}

type Client = Awaited<ReturnType<typeof server.listOAuthClients>>[number];

const clientColumns = [
  { title: "ID", value: ({ id }: Client) => id },
  { title: "NAME", value: ({ name }: Client) => printable(name) },
  { title: "REDIRECTS TO", value: ({ redirectUris }: Client) => printable(redirectUris.join(" ")) },
] as const;

/** `satchel admin client remove ID` */
export function removeClient(context: CommandContext, id: string, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    await server.removeOAuthClient(storeConfig(context, options), id);
    context.terminal.note("It is not known any more, and nobody can let it in again.");
  });
}

/** `satchel admin user remove-factors NAME` */
export function removeFactors(context: CommandContext, name: string, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    await server.removeUserFactors(storeConfig(context, options), name);
    context.terminal.note(`${name} signs in by password alone now, and can add new factors.`);
  });
}
