import { homedir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@satchel/protocol";
import type { CommandContext } from "./commands/command-context.ts";
import { findHome } from "./home/home.ts";

/** A folder that is kept in sync by the process that runs its server. */
export interface SyncHere {
  /** The device's home, where one was named. */
  readonly home: string | undefined;
  /** Absolute; default `~/Satchel`. */
  readonly folder: string | undefined;
  /** Where the server listens this time. */
  readonly serverUrl: string;
  /** The account there that the folder is synced with. */
  readonly accountId: AccountId;
  /** Gives a join secret for the first start. */
  readonly inviteSelf: () => Promise<string>;
}

/**
 * Signs the home in on its first start, and syncs until the signal. Returns the exit code.
 *
 * @throws CommandError when the home is logged in to another account
 */
export async function keepInSync(context: CommandContext, here: SyncHere): Promise<number> {
  const [{ findLogin, saveLogin }, { otherLogin, signIn }, { runSync }, { humanPresenter }] = await Promise.all([
    import("./home/login-file.ts"),
    import("./commands/sign-in.ts"),
    import("./commands/sync.ts"),
    import("./output/sync-presenter.ts"),
  ]);
  const { terminal } = context;
  const { serverUrl } = here;
  const home = findHome({ home: here.home, env: context.env, cwd: context.cwd });
  const login = await findLogin(home);
  if (!login) {
    const secret = await here.inviteSelf();
    await signIn(home, serverUrl, undefined, (api, deviceName) => api.join({ secret, deviceName }));
  } else if (login.accountId !== here.accountId) {
    throw otherLogin(login);
  } else if (login.serverUrl !== serverUrl) {
    // The port was another one the last time.
    await saveLogin(home, { ...login, serverUrl });
  }
  const folder = here.folder ?? join(homedir(), "Satchel");
  const presenter = humanPresenter((line) => terminal.note(line), terminal);
  return runSync(context, { home, folder, once: false, anew: false, presenter });
}
