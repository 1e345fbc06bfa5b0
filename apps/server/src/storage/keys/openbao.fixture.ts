import { startOpenBao } from "@satchel/testkit";
import type { KeyServiceUnderTest } from "./key-service.contract.ts";

/** The least that `VAULT_TOKEN` needs: to use one key, not to make any. */
const policy = ["encrypt", "decrypt"]
  .map((action) => `path "transit/${action}/satchel" { capabilities = ["update"] }`)
  .join("\n");

/** A real OpenBao with a transit engine, a key in it, and a token that may use just that. */
export async function openRealVault(): Promise<KeyServiceUnderTest & AsyncDisposable> {
  const bao = await startOpenBao();
  const ask = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${bao.address}/v1/${path}`, {
      method: "POST",
      headers: { "x-vault-token": bao.rootToken, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`OpenBao answered ${path} with ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await ask("sys/mounts/transit", { type: "transit" });
  for (const key of ["satchel", "others"]) await ask(`transit/keys/${key}`, {});
  await ask("sys/policies/acl/satchel", { policy });
  const made = (await ask("auth/token/create", { policies: ["satchel"], no_parent: true })) as MadeToken;
  return {
    setting: `vault:${bao.address}/transit/satchel`,
    foreignSetting: `vault:${bao.address}/transit/others`,
    environment: { VAULT_TOKEN: made.auth.client_token },
    strangers: { VAULT_TOKEN: "s.guessed" },
    turn: async () => void (await ask("transit/keys/satchel/rotate", {})),
    [Symbol.asyncDispose]: () => bao.stop(),
  };
}

interface MadeToken {
  readonly auth: { readonly client_token: string };
}
