import { loginResponseSchema } from "@satchel/protocol";
import type { LoginResponse } from "@satchel/protocol";
import { parseAnswer } from "../requests/json-call.ts";
import type { Timing } from "../retry/timing.ts";
import { OfflineError } from "../transport/transport.ts";
import type { HttpResponse, HttpTransport } from "../transport/transport.ts";

/** What a person is shown: they open the address, compare the code, and sign in. */
export interface BrowserCode {
  readonly code: string;
  /** Where to enter it. */
  readonly address: string;
  /** The same, with the code in it. */
  readonly fullAddress: string;
  readonly expiresInMs: number;
}

export interface BrowserSignInRequest {
  readonly transport: HttpTransport;
  readonly timing: Timing;
  readonly deviceName: string;
  readonly onCode: (code: BrowserCode) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Nobody was signed in: the person refused, took too long, or the server knows no such sign-in. */
export class BrowserSignInError extends Error {
  override readonly name = "BrowserSignInError";
  readonly reason: "refused" | "expired" | "unsupported";
  constructor(reason: "refused" | "expired" | "unsupported", message: string) {
    super(message);
    this.reason = reason;
  }
}

const clientId = "satchel-cli";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";
/** As RFC 8628 has it, where the server doesn't say. */
const defaultIntervalMs = 5000;
const maxAnswerTries = 5;

/**
 * Signs a device in through a browser, which may be on another machine (RFC 8628), and makes it a device as a password would.
 * @throws BrowserSignInError; OfflineError when the server can't be reached at the beginning
 */
export async function signInByBrowser(request: BrowserSignInRequest): Promise<LoginResponse> {
  const { timing, signal } = request;
  const begun = await begin(request);
  request.onCode(begun);
  const endMs = timing.nowMs() + begun.expiresInMs;
  for (let intervalMs = begun.intervalMs; ;) {
    await timing.sleep(intervalMs, signal);
    if (timing.nowMs() >= endMs) throw expired();
    const answer = await poll(request, begun.deviceCode);
    if (answer.token !== undefined) return await adopt(request, answer.token);
    if (answer.error === "slow_down") intervalMs += defaultIntervalMs;
    else if (answer.error === "access_denied")
      throw new BrowserSignInError("refused", "the sign-in was refused in the browser");
    else if (answer.error !== "authorization_pending") throw expired();
  }
}

async function begin(request: BrowserSignInRequest): Promise<BrowserCode & { deviceCode: string; intervalMs: number }> {
  const fields = { client_id: clientId, scope: "openid device.sign_in", device_name: request.deviceName };
  const response = await postForm(request, "/oauth/device_authorization", fields);
  const answer = readJson(response);
  const { device_code: deviceCode, user_code: code, verification_uri: address, interval } = answer;
  if (typeof deviceCode !== "string" || typeof code !== "string" || typeof address !== "string")
    throw new BrowserSignInError("unsupported", "this server offers no sign-in by browser");
  return {
    deviceCode,
    code,
    address,
    fullAddress: `${address}?code=${encodeURIComponent(code)}`,
    expiresInMs: Number(answer["expires_in"] ?? 0) * 1000,
    intervalMs: typeof interval === "number" ? interval * 1000 : defaultIntervalMs,
  };
}

/** One question. A server that is away for a moment is asked again at the next turn. */
async function poll(request: BrowserSignInRequest, deviceCode: string): Promise<{ token?: string; error?: string }> {
  try {
    const fields = { grant_type: grantType, device_code: deviceCode, client_id: clientId };
    const { access_token: token, error } = readJson(await postForm(request, "/oauth/token", fields));
    if (typeof token === "string") return { token };
    return { error: typeof error === "string" ? error : "authorization_pending" };
  } catch (error) {
    if (error instanceof OfflineError) return { error: "authorization_pending" };
    throw error;
  }
}

/** The login of the browser becomes the device's own. The server gives the same answer again when it was lost. */
async function adopt({ transport, timing, signal }: BrowserSignInRequest, token: string): Promise<LoginResponse> {
  const path = "/v1/auth/device";
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const response = await transport.send({ method: "POST", path, headers, signal, idempotent: true });
      return parseAnswer(loginResponseSchema, readJson(response), path);
    } catch (error) {
      if (!(error instanceof OfflineError) || tries >= maxAnswerTries) throw error;
      await timing.sleep(defaultIntervalMs, signal);
    }
  }
}

async function postForm(
  { transport, signal }: BrowserSignInRequest,
  path: string,
  fields: Record<string, string>,
): Promise<HttpResponse> {
  return await transport.send({
    method: "POST",
    path,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: [new TextEncoder().encode(new URLSearchParams(fields).toString())],
    signal,
    idempotent: false,
  });
}

/** OAuth answers JSON, also to refuse; anything else is no OAuth server. */
function readJson({ body }: HttpResponse): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function expired(): BrowserSignInError {
  return new BrowserSignInError("expired", "nobody confirmed the sign-in in time");
}
