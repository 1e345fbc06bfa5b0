import { tokensOf } from "@satchel/api-client";
import type { LoginResponse } from "@satchel/protocol";
import type { Login } from "./login-file.ts";

/** What to keep of the server's answer to a login. */
export function loginOf(
  answer: LoginResponse,
  device: { serverUrl: string; deviceName: string; nowMs: number },
): Login {
  return {
    serverUrl: device.serverUrl,
    user: answer.user,
    accountId: answer.account_id,
    deviceId: answer.device_id,
    deviceName: device.deviceName,
    workspaceId: answer.workspace_id,
    tokens: tokensOf(answer, device.nowMs),
  };
}
