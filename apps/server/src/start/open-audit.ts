import { makeDirectory } from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import { openSigningKey } from "../data-directory/signing-key-file.ts";
import { createAudit, type Audit } from "../features/audit/audit.ts";
import { deriveServerKeys, type ServerKeys } from "../features/identity/server-keys.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { systemHost } from "../system-host.ts";

/** The audit log, for an admin command beside a running server or without one. */
export async function openAudit(config: ServerConfig, { audit: store }: MetadataStore): Promise<Audit> {
  const { audit: key } = await openKeys(config);
  return createAudit({ store, host: systemHost, key, onFailure: throwIt });
}

/** The server's keys; made where there are none yet. */
export async function openKeys(config: ServerConfig): Promise<ServerKeys> {
  const { signingKey } = await makeDirectory(config);
  return deriveServerKeys(await openSigningKey(signingKey));
}

function throwIt(error: unknown): never {
  throw error;
}
