import type { Tokens } from "@satchel/api-client";
import { OfflineError, tokensOf } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import { z } from "zod";
import { serverUrl } from "../base-path.ts";
import { sha256Sync } from "../uploads/sha256.ts";

/**
 * Signing in by the authorization code flow with PKCE (RFC 6749, RFC 7636): the server's own pages ask for the password, the passkey and the second factor, and this app sees none of
 * them. By hand, because the libraries for it hash with WebCrypto, which a page that came over plain HTTP has not.
 */
const clientId = "satchel-web";
/** Where the server sends people back to. */
export const signedInAddress = "/app/signed-in";
const scopes =
  "openid offline_access files.read files.write account.read account.manage workspace.manage server.manage";
const attemptKey = "satchel.sign-in";
const randomBytes = 32;
/** So often it is tried once more to exchange a code when the server can't be reached. */
const retryPausesMs = [500, 1500, 3000];

/** What this tab remembers while the person is on the server's pages. */
const attemptSchema = z.object({ state: z.string(), verifier: z.string(), returnTo: z.string() });
const tokenAnswerSchema = z.object({ access_token: z.string(), expires_in: z.number(), refresh_token: z.string() });

/** Leaves for the server's sign-in page. */
export function leaveToSignIn(deviceName: string): void {
  const attempt = { state: random(), verifier: random(), returnTo: location.pathname };
  sessionStorage.setItem(attemptKey, JSON.stringify(attempt));
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope: scopes,
    // A refresh token is only given where somebody was asked; our own app is let in without a question.
    prompt: "consent",
    state: attempt.state,
    code_challenge: challengeOf(attempt.verifier),
    code_challenge_method: "S256",
    device_name: deviceName,
  });
  location.assign(`${serverUrl}/oauth/authorize?${parameters}`);
}

/** What came of it: the tokens, and where the person was before. @throws ProblemError when they were not let in, or this tab didn't ask */
export async function returnFromSignIn(): Promise<{ readonly tokens: Tokens; readonly returnTo: string }> {
  const stored: unknown = JSON.parse(sessionStorage.getItem(attemptKey) ?? "null");
  sessionStorage.removeItem(attemptKey);
  const attempt = attemptSchema.safeParse(stored).data;
  const answer = new URLSearchParams(location.search);
  const code = answer.get("code");
  if (!attempt || !code || answer.get("state") !== attempt.state) throw new ProblemError("unauthenticated");
  const tokens = await askPatiently({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri(),
    code_verifier: attempt.verifier,
  });
  return { tokens: tokensOf(tokens, Date.now()), returnTo: attempt.returnTo };
}

/** Exchanges a refresh token. @throws ProblemError login_revoked, OfflineError */
export function refresh(refreshToken: string): Promise<z.infer<typeof tokenAnswerSchema>> {
  return askForTokens({ grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Ends the login on the server. */
export async function revoke(refreshToken: string): Promise<void> {
  await post("/oauth/revoke", { token: refreshToken, token_type_hint: "refresh_token" });
}

/** Whoever has just proved who they are isn't sent to do so again because a connection broke. A code that was taken although the answer was lost is refused, and says so. */
async function askPatiently(parameters: Record<string, string>): Promise<z.infer<typeof tokenAnswerSchema>> {
  for (const pauseMs of retryPausesMs) {
    try {
      return await askForTokens(parameters);
    } catch (error) {
      if (!(error instanceof OfflineError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return askForTokens(parameters);
}

async function askForTokens(parameters: Record<string, string>): Promise<z.infer<typeof tokenAnswerSchema>> {
  const response = await post("/oauth/token", parameters);
  // RFC 6749, section 5.2: the code or the refresh token is not, or no longer, good.
  if (response.status === 400 || response.status === 401) throw new ProblemError("login_revoked");
  if (!response.ok) throw new OfflineError(`the way to the server is closed (${response.status})`);
  return tokenAnswerSchema.parse(await response.json());
}

async function post(path: string, parameters: Record<string, string>): Promise<Response> {
  try {
    const body = new URLSearchParams({ client_id: clientId, ...parameters });
    return await fetch(serverUrl + path, { method: "POST", body, credentials: "omit", cache: "no-store" });
  } catch (cause) {
    throw new OfflineError("the server can't be reached", { cause });
  }
}

function redirectUri(): string {
  return serverUrl + signedInAddress;
}

function random(): string {
  return crypto.getRandomValues(new Uint8Array(randomBytes)).toBase64({ alphabet: "base64url", omitPadding: true });
}

function challengeOf(verifier: string): string {
  const digest = Uint8Array.fromHex(sha256Sync(new TextEncoder().encode(verifier)));
  return digest.toBase64({ alphabet: "base64url", omitPadding: true });
}
