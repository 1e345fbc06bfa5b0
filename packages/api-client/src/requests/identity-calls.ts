import {
  accountResponseSchema,
  devicesResponseSchema,
  joinCodeResponseSchema,
  loginResponseSchema,
} from "@satchel/protocol";
import type { DeviceId, DeviceReport, LoginResponse } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { noRetry } from "../retry/retry.ts";
import { callForJson, jsonBody } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

export type AccountInfo = Parsed<typeof accountResponseSchema>;
export type JoinCodeInfo = Parsed<typeof joinCodeResponseSchema>;
export type DeviceList = Parsed<typeof devicesResponseSchema>;

export interface IdentityCalls {
  /** Registers a new device. Not repeated when the answer is lost, since each answer is another device. */
  login(
    credentials: { user: string; password: string; otp?: string | undefined; deviceName: string },
    options?: CallOptions,
  ): Promise<LoginResponse>;
  /** Registers a new device with the secret of a join code, which is then used up. */
  join(request: { secret: string; deviceName: string }, options?: CallOptions): Promise<LoginResponse>;
  /** Exchanges a refresh token. Sent once: a token source decides about the next try. */
  refresh(refreshToken: string, options?: CallOptions): Promise<LoginResponse>;
  /** Revokes this device's login. */
  logout(options?: CallOptions): Promise<void>;
  account(options?: CallOptions): Promise<AccountInfo>;
  devices(options?: CallOptions): Promise<DeviceList>;
  revokeDevice(deviceId: DeviceId, options?: CallOptions): Promise<void>;
  /** Says what this device does now. Not repeated: the next report says more. @throws ProblemError not_found when a file goes where the account has nothing */
  reportDevice(report: DeviceReport, options?: CallOptions): Promise<void>;
  createJoinCode(options?: CallOptions): Promise<JoinCodeInfo>;
}

export function createIdentityCalls(caller: Caller, makeKey: () => string): IdentityCalls {
  const signIn = (path: string, message: unknown, options: CallOptions | undefined): Promise<LoginResponse> =>
    callForJson(
      caller,
      { method: "POST", path, ...jsonBody(message), auth: "none", repeatable: false },
      loginResponseSchema,
      options,
    );
  return {
    login: ({ user, password, otp, deviceName }, options) =>
      signIn("/v1/auth/login", { user, password, otp, device_name: deviceName }, options),
    join: ({ secret, deviceName }, options) => signIn("/v1/auth/join", { secret, device_name: deviceName }, options),
    refresh: (refreshToken, options) =>
      signIn("/v1/auth/refresh", { refresh_token: refreshToken }, { retry: noRetry, ...options }),
    async logout(options) {
      await caller({ method: "POST", path: "/v1/auth/logout", idempotencyKey: makeKey(), ...jsonBody({}) }, options);
    },
    account: (options) => callForJson(caller, { method: "GET", path: "/v1/account" }, accountResponseSchema, options),
    devices: (options) => callForJson(caller, { method: "GET", path: "/v1/devices" }, devicesResponseSchema, options),
    async revokeDevice(deviceId, options) {
      const path = `/v1/devices/${encodeURIComponent(deviceId)}`;
      await caller({ method: "DELETE", path, idempotencyKey: makeKey() }, options);
    },
    async reportDevice(report, options) {
      await caller({ method: "POST", path: "/v1/devices/report", ...jsonBody(report) }, { retry: noRetry, ...options });
    },
    createJoinCode: (options) =>
      callForJson(
        caller,
        { method: "POST", path: "/v1/auth/join_codes", idempotencyKey: makeKey(), ...jsonBody({}) },
        joinCodeResponseSchema,
        options,
      ),
  };
}
