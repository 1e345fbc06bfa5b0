import {
  accountDeletionResponseSchema,
  appPasswordResponseSchema,
  browsersResponseSchema,
  signInWaysSchema,
  usageResponseSchema,
} from "@satchel/protocol";
import type { SignedInBrowser, SignInWays, StorageUsage, appPasswordRequestSchema } from "@satchel/protocol";
import { noRetry } from "../retry/retry.ts";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, type Parsed } from "./json-call.ts";

export type AppPasswordRequest = Parsed<typeof appPasswordRequestSchema>;
export type NewAppPassword = Parsed<typeof appPasswordResponseSchema>;

/** A proof for what a token alone is not enough for. */
export interface Proof {
  readonly password: string;
  /** Where the account has a second factor. */
  readonly otp?: string | undefined;
}

/** What people do with their own accounts; for {@link ApiClient.extend}. */
export interface AccountCalls {
  usage(options?: CallOptions): Promise<StorageUsage>;
  signInWays(options?: CallOptions): Promise<SignInWays>;
  browsers(options?: CallOptions): Promise<readonly SignedInBrowser[]>;
  signOutBrowser(browserId: string, options?: CallOptions): Promise<void>;
  /** Sent once, since each answer is another password. @throws ProblemError wrong_credentials, second_factor_required, too_many_requests */
  createAppPassword(request: AppPasswordRequest, options?: CallOptions): Promise<NewAppPassword>;
  /** When the account will be erased; null for never. */
  deletion(options?: CallOptions): Promise<string | null>;
  /** @throws ProblemError wrong_credentials, second_factor_required, too_many_requests */
  requestDeletion(proof: Proof, options?: CallOptions): Promise<string | null>;
  cancelDeletion(options?: CallOptions): Promise<void>;
}

const deletionPath = "/v1/account/deletion";

export function createAccountCalls(caller: Caller, makeKey: () => string): AccountCalls {
  return {
    usage: (options) => callForJson(caller, { method: "GET", path: "/v1/usage" }, usageResponseSchema, options),
    signInWays: (options) =>
      callForJson(caller, { method: "GET", path: "/v1/account/sign_in" }, signInWaysSchema, options),
    async browsers(options) {
      return (await callForJson(caller, { method: "GET", path: "/v1/browsers" }, browsersResponseSchema, options))
        .browsers;
    },
    async signOutBrowser(browserId, options) {
      const path = `/v1/browsers/${encodeURIComponent(browserId)}`;
      await caller({ method: "DELETE", path, idempotencyKey: makeKey() }, options);
    },
    createAppPassword: (request, options) =>
      callForJson(
        caller,
        { method: "POST", path: "/v1/app_passwords", ...jsonBody(request), repeatable: false },
        appPasswordResponseSchema,
        { retry: noRetry, ...options },
      ),
    async deletion(options) {
      return (await callForJson(caller, { method: "GET", path: deletionPath }, accountDeletionResponseSchema, options))
        .due;
    },
    async requestDeletion(proof, options) {
      const call = { method: "POST", path: deletionPath, ...jsonBody(proof), idempotencyKey: makeKey() } as const;
      return (await callForJson(caller, call, accountDeletionResponseSchema, { retry: noRetry, ...options })).due;
    },
    async cancelDeletion(options) {
      await caller({ method: "DELETE", path: deletionPath, idempotencyKey: makeKey() }, options);
    },
  };
}
