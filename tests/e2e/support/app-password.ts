import assert from "node:assert/strict";
import type { RunningServer } from "./server.ts";

/** An account with an app password, as somebody would make one for a program. */
export async function signUpWithAppPassword(
  server: RunningServer,
  user: string,
): Promise<{ readonly user: string; readonly password: string }> {
  const account = await server.addUser(user);
  const post = async (path: string, json: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(json),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as { readonly access_token: string; readonly password: string };
  };
  const login = await post("/v1/auth/login", { user, password: account.password, device_name: "test" });
  const { password } = await post(
    "/v1/app_passwords",
    { name: "programs", scopes: ["files.write"], password: account.password },
    { authorization: `Bearer ${login.access_token}` },
  );
  return { user, password };
}
