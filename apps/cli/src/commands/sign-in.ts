import { hostname } from "node:os";
import { BrowserSignInError, LoginRevokedError, createApiClient, foregroundRetry, noRetry } from "@satchel/api-client";
import type { ApiClient, BrowserCode } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import type { LoginResponse } from "@satchel/protocol";
import type { Home } from "../home/home.ts";
import { findLogin, removeLogin, saveLogin } from "../home/login-file.ts";
import { loginOf } from "../home/login-of.ts";
import type { Login } from "../home/login-file.ts";
import { openSession } from "../home/session.ts";
import { decodeJoinCode, encodeJoinCode } from "../join/join-code.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { homeOf, withSession } from "./command-context.ts";
import type { CommandContext, HomeOptions, OutputOptions } from "./command-context.ts";

export interface LoginOptions extends HomeOptions {
  readonly user?: string;
  readonly passwordStdin?: boolean;
  readonly device?: string;
  readonly otp?: string;
}

/** `satchel login URL`: through a browser, or with `--user` by password. */
export async function login(context: CommandContext, url: string, options: LoginOptions): Promise<void> {
  const serverUrl = parseServerUrl(url);
  const { user, otp } = options;
  if (options.passwordStdin && user === undefined)
    throw new CommandError(exitCode.usage, "--password-stdin goes with --user NAME: add it.");
  if (otp !== undefined && user === undefined)
    throw new CommandError(exitCode.usage, "--otp goes with --user NAME: add it, or leave both out to use a browser.");
  const home = homeOf(context, options);
  const ask =
    user === undefined
      ? (api: ApiClient, deviceName: string) => loginByBrowser(context, api, deviceName)
      : await passwordLogin(context, user, options);
  const done = await signIn(home, serverUrl, options.device, ask);
  context.terminal.note(`Logged in to ${done.serverUrl} as ${done.user}: \`satchel sync DIR\` keeps a folder in sync.`);
}

/** Shows the code, and waits for somebody to confirm it. */
async function loginByBrowser(
  { terminal, signal }: CommandContext,
  api: ApiClient,
  deviceName: string,
): Promise<LoginResponse> {
  const onCode = ({ code, fullAddress }: BrowserCode): void => {
    terminal.note("Open this address in a browser, on this machine or any other:");
    terminal.print(fullAddress);
    terminal.note("It shows a code. Go on there only if it is this one:");
    terminal.print(code);
  };
  try {
    return await api.loginByBrowser({ deviceName, onCode }, { signal });
  } catch (error) {
    if (!(error instanceof BrowserSignInError)) throw error;
    throw new CommandError(exitCode.failed, sentenceFor[error.reason], { cause: error });
  }
}

const sentenceFor = {
  refused: "The sign-in was refused in the browser: run `satchel login URL` again if that was a mistake.",
  expired: "Nobody confirmed the code in time: run `satchel login URL` again.",
  unsupported: "This server offers no sign-in by browser: give --user NAME.",
};

/** Asks for the code of a second factor where the server wants one and somebody is there to ask. */
async function passwordLogin(context: CommandContext, user: string, options: LoginOptions) {
  const { terminal, signal } = context;
  const password = await readPassword(context, options);
  return async (api: ApiClient, deviceName: string): Promise<LoginResponse> => {
    try {
      return await api.login({ user, password, otp: options.otp, deviceName }, { signal });
    } catch (error) {
      const wantsCode = error instanceof ProblemError && error.code === "second_factor_required";
      if (!wantsCode) throw error;
      if (!terminal.isInteractive)
        throw new CommandError(exitCode.failed, "This account has a second factor: add --otp CODE.", { cause: error });
      const otp = (await terminal.ask("Code of your authenticator app: ")).trim();
      return await api.login({ user, password, otp, deviceName }, { signal });
    }
  };
}

async function readPassword({ terminal }: CommandContext, options: LoginOptions): Promise<string> {
  if (options.passwordStdin) return (await terminal.readInput()).replace(/\r?\n$/, "");
  if (!terminal.isInteractive) throw new CommandError(exitCode.usage, "Nobody is there to ask: add --password-stdin.");
  return await terminal.ask("Password: ", { hidden: true });
}

/** Signs this device in with the code that another one shows. */
export async function signInByCode(
  context: CommandContext,
  code: string,
  options: HomeOptions & { device?: string },
): Promise<Login> {
  const invitation = decodeJoinCode(code);
  if (!invitation)
    throw new CommandError(exitCode.usage, "This is not a whole join code: copy it again, without a break in it.");
  const home = homeOf(context, options);
  return signIn(home, invitation.serverUrl, options.device, (api, deviceName) =>
    api.join({ secret: invitation.secret, deviceName }, { signal: context.signal }),
  );
}

/** Signs a home in, and keeps the login in it. */
export async function signIn(
  home: Home,
  serverUrl: string,
  device: string | undefined,
  ask: (api: ApiClient, deviceName: string) => Promise<LoginResponse>,
): Promise<Login> {
  const present = await findLogin(home);
  const api = createApiClient({ serverUrl, retry: foregroundRetry });
  try {
    const deviceName = device ?? (hostname() || "device");
    const answer = loginOf(await ask(api, deviceName), { serverUrl, deviceName, nowMs: Date.now() });
    if (present && present.workspaceId !== answer.workspaceId) {
      await forget(answer);
      throw otherLogin(present);
    }
    await saveLogin(home, answer);
    return answer;
  } finally {
    await api.close();
  }
}

/** Why a home that has this login takes no other one. */
export function otherLogin({ user, serverUrl }: Login): CommandError {
  return new CommandError(
    exitCode.failed,
    `This home is logged in as ${user} at ${serverUrl}: \`satchel logout\` first, or choose another one with --home.`,
  );
}

/** Revokes a login that was just made and is not kept. */
async function forget({ serverUrl, tokens }: Login): Promise<void> {
  const own = { get: async () => tokens.accessToken, renew: async () => tokens.accessToken };
  const api = createApiClient({ serverUrl, tokens: own, retry: noRetry });
  try {
    await api.logout();
  } finally {
    await api.close();
  }
}

/** `satchel logout`. A login that the server has ended already is only forgotten. */
export async function logout(context: CommandContext, options: HomeOptions): Promise<void> {
  const home = homeOf(context, options);
  const session = await openSession(home);
  try {
    await session.api.logout({ signal: context.signal });
  } catch (error) {
    if (!(error instanceof LoginRevokedError)) throw error;
  } finally {
    await session.close();
  }
  await removeLogin(home);
  context.terminal.note("Logged out: the folder's files stay as they are.");
}

/** `satchel invite`: prints the line for the other device. */
export function invite(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async ({ api, login }) => {
    const { secret, expires } = await api.createJoinCode({ signal: context.signal });
    const code = encodeJoinCode({ serverUrl: login.serverUrl, secret });
    context.terminal.print(options.json ? JSON.stringify({ code, expires }) : `satchel join ${code}`);
  });
}

/** `satchel token` */
export function token(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async ({ tokens }) => {
    context.terminal.print(await tokens.get());
  });
}

/** `satchel.example.org` means https; anything but http and https is refused. */
export function parseServerUrl(text: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:") || url.search || url.hash || url.username) {
    throw new CommandError(
      exitCode.usage,
      `${JSON.stringify(text)} is not a server's address: write it as https://satchel.example.org.`,
    );
  }
  return url.href.replace(/\/$/, "");
}
