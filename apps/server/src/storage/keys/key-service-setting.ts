import { awsKeyService } from "./aws-key-service.ts";
import type { KeyService } from "./key-service.ts";
import { vaultKeyService } from "./vault-key-service.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The key service that a setting names: `vault:https://HOST:8200/MOUNT/KEY`, or `aws:REGION/KEY`. Secrets come from the variables that these services' own tools read.
 * @throws RangeError with a sentence for a setting that can't be right
 */
export function parseKeyService(setting: string, env: Environment): KeyService {
  const [, kind, rest = ""] = /^(vault|aws):(.+)$/.exec(setting) ?? [];
  if (kind === "vault") return parseVault(rest, env);
  if (kind === "aws") return parseAws(rest, env);
  throw new RangeError(`it takes vault:https://HOST/MOUNT/KEY or aws:REGION/KEY, not "${setting}"`);
}

function parseVault(text: string, env: Environment): KeyService {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, mount, key] = /^\/([\w./-]+)\/([\w.-]+)$/.exec(url?.pathname ?? "") ?? [];
  if (!url || !/^https?:$/.test(url.protocol) || mount === undefined || key === undefined)
    throw new RangeError(`it takes vault:https://HOST:8200/transit/KEY, not "vault:${text}"`);
  const token = need(env, "VAULT_TOKEN");
  return vaultKeyService({ address: url.origin, mount, key, token, namespace: env["VAULT_NAMESPACE"] || undefined });
}

function parseAws(text: string, env: Environment): KeyService {
  const [, region, keyId] = /^([a-z0-9-]+)\/(.+)$/.exec(text) ?? [];
  if (region === undefined || keyId === undefined) throw new RangeError(`it takes aws:REGION/KEY, not "aws:${text}"`);
  const endpoint = env["AWS_ENDPOINT_URL_KMS"] || env["AWS_ENDPOINT_URL"] || `https://kms.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint)) throw new RangeError(`AWS_ENDPOINT_URL_KMS is no address: "${endpoint}"`);
  const credentials = {
    accessKeyId: need(env, "AWS_ACCESS_KEY_ID"),
    secretAccessKey: need(env, "AWS_SECRET_ACCESS_KEY"),
    sessionToken: env["AWS_SESSION_TOKEN"] || undefined,
  };
  return awsKeyService({ region, keyId, endpoint, credentials, nowMs: Date.now });
}

function need(env: Environment, variable: string): string {
  const value = env[variable];
  if (!value) throw new RangeError(`${variable} has to be set for it`);
  return value;
}
