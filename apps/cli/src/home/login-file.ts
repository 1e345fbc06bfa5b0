import { readFile, rm } from "node:fs/promises";
import type { TokenStore, Tokens } from "@satchel/api-client";
import type { AccountId, DeviceId, WorkspaceId } from "@satchel/protocol";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { makeHome } from "./home.ts";
import type { Home } from "./home.ts";
import { lockWithin } from "./process-lock.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** A device's login, as `login.json` in its home keeps it. */
export interface Login {
  readonly serverUrl: string;
  readonly user: string;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly workspaceId: WorkspaceId;
  readonly tokens: Tokens;
}

const formatVersion = 1;

/** Undefined when this home has no login. */
export async function findLogin(home: Home): Promise<Login | undefined> {
  let text: string;
  try {
    text = await readFile(home.loginFile, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const file = JSON.parse(text) as Login & { format: number };
    if (file.format !== formatVersion || typeof file.tokens.refreshToken !== "string")
      throw new Error("another format");
    return file;
  } catch (cause) {
    throw new CommandError(
      exitCode.failed,
      `${home.loginFile} can't be read as a login: remove it, then sign in again.`,
      { cause },
    );
  }
}

/** @throws CommandError with the exit code for 'not logged in' */
export async function getLogin(home: Home): Promise<Login> {
  const login = await findLogin(home);
  if (login) return login;
  throw new CommandError(
    exitCode.notLoggedIn,
    "This device is not logged in: run `satchel login URL` or `satchel join CODE` first.",
  );
}

export async function saveLogin(home: Home, login: Login): Promise<void> {
  await makeHome(home);
  await writeFileAtomically(home.loginFile, `${JSON.stringify({ format: formatVersion, ...login }, undefined, 2)}\n`);
}

export async function removeLogin(home: Home): Promise<void> {
  await rm(home.loginFile, { force: true });
}

/** How long one process waits for another to exchange the tokens; the call itself gives up sooner. */
const tokenLockWithinMs = 60_000;

/** The tokens in the home, for all processes of this device. */
export function tokenStoreOf(home: Home): TokenStore {
  return {
    load: async () => (await findLogin(home))?.tokens,
    async save(tokens) {
      await saveLogin(home, { ...(await getLogin(home)), tokens });
    },
    async exclusively(work) {
      const lock = await lockWithin(home.tokenLock, tokenLockWithinMs);
      if (!lock)
        throw new CommandError(
          exitCode.failed,
          "Another process of this device is renewing the login and doesn't end: stop it, then try again.",
        );
      try {
        return await work();
      } finally {
        lock.release();
      }
    },
  };
}
