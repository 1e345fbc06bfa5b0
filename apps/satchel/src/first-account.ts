import { randomBytes } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { CommandError, exitCode } from "@satchel/cli";
import { addUser, listUsers } from "@satchel/server";
import type { ServerConfig, UserSummary } from "@satchel/server";

/** The account that `satchel up` syncs with. */
export interface FirstAccount {
  readonly id: UserSummary["id"];
  readonly name: string;
  /** Where the password that was made for it is kept, for its owner only. */
  readonly passwordFile: string | undefined;
}

/** The account of the person who runs this, made on the first run with a random password. */
export async function openFirstAccount(config: ServerConfig): Promise<FirstAccount> {
  const users = (await listUsers(config)).filter((user) => !user.disabled);
  const name = ownName();
  const passwordFile = join(config.dataPath, "first-password");
  const mine =
    users.find((user) => user.name.toLowerCase() === name.toLowerCase()) ?? (users.length === 1 ? users[0] : undefined);
  if (mine)
    return { id: mine.id, name: mine.name, passwordFile: (await exists(passwordFile)) ? passwordFile : undefined };
  if (users.length > 0) {
    throw new CommandError(
      exitCode.failed,
      `None of this server's accounts is called ${name}: run \`satchel serve\`, and sign in with \`satchel login URL\`.`,
    );
  }
  const password = randomBytes(15).toString("base64url");
  // Before the account is made: a crash in between leaves a file that the next run replaces.
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const email = `${name}@localhost.localdomain`;
  const id = await addUser(config, { name, email, password, isAdmin: true, quotaBytes: null });
  return { id, name, passwordFile };
}

/** This system's name of the user, as far as it may be an account's name. */
function ownName(): string {
  const allowed = userInfo()
    .username.replaceAll(/[^A-Za-z0-9._-]/g, "")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 64);
  return allowed || "owner";
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
